// SPDX-License-Identifier: GPL-2.0
// disable and reverse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DisableTest : public testing::Test, protected CommandTest {
 protected:
  DisableTest() { options_.patch = kName; }

  FakePatch& AddInTransition() {
    FakePatch& patch = kernel.AddPatch(kName);
    patch.transition = true;
    patch.started = kernel.now;
    return patch;
  }

  DisableOptions options_;
};

TEST_F(DisableTest, DisablesAPatch) {
  kernel.AddPatch(kName);
  EXPECT_EQ(RunDisable(context, options_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
  EXPECT_FALSE(kernel.patches.contains(kName));
  EXPECT_THAT(kernel.modules, ElementsAre("klpx", kName));
  EXPECT_THAT(out.str(), HasSubstr("test_fix: unpatching complete"));
}

// The patch disappears before its number of tasks can be read.
TEST_F(DisableTest, CountsTheTasksOfADisableThatEndsAtOnce) {
  kernel.AddPatch(kName);
  kernel.transition_time = absl::ZeroDuration();
  EXPECT_EQ(RunDisable(context, options_).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("unpatching complete, 10 tasks in"));
}

TEST_F(DisableTest, AcceptsAPathToo) {
  kernel.AddPatch(kName);
  options_.patch = "/elsewhere/test-fix.ko";
  EXPECT_EQ(RunDisable(context, options_).value(), 0);
}

TEST_F(DisableTest, CanBeRepeated) {
  kernel.modules = {"klpx", kName};
  EXPECT_EQ(RunDisable(context, options_).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("already disabled"));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DisableTest, JoinsARunningDisable) {
  AddInTransition().enabled = false;
  EXPECT_EQ(RunDisable(context, options_).value(), 0);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DisableTest, RefusesAnUnknownPatch) {
  EXPECT_EQ(KindOf(RunDisable(context, options_).status()),
            ErrorKind::kNoSuchPatch);
}

TEST_F(DisableTest, RefusesInvalidNames) {
  options_.patch = "../etc";
  EXPECT_EQ(KindOf(RunDisable(context, options_).status()),
            ErrorKind::kNoSuchPatch);
}

TEST_F(DisableTest, SaysThatAPatchCannotBeDisabled) {
  kernel.AddPatch(kName);
  kernel.write_errno = EINVAL;
  EXPECT_EQ(KindOf(RunDisable(context, options_).status()),
            ErrorKind::kRefused);
}

TEST_F(DisableTest, ReportsThatAnotherTransitionWasFaster) {
  kernel.AddPatch(kName);
  kernel.write_errno = EBUSY;
  EXPECT_EQ(KindOf(RunDisable(context, options_).status()),
            ErrorKind::kTransitionRunning);
}

TEST_F(DisableTest, RefusesUnlessRoot) {
  kernel.AddPatch(kName);
  kernel.root = false;
  EXPECT_EQ(KindOf(RunDisable(context, options_).status()),
            ErrorKind::kNotPermitted);
}

TEST_F(DisableTest, RefusesWhileAnotherPatchIsInTransition) {
  AddInTransition();
  kernel.AddPatch("other");
  options_.patch = "other";
  EXPECT_EQ(KindOf(RunDisable(context, options_).status()),
            ErrorKind::kTransitionRunning);
}

TEST_F(DisableTest, ReverseReversesAnEnable) {
  AddInTransition();
  EXPECT_EQ(RunReverse(context, options_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
  EXPECT_THAT(out.str(), HasSubstr("unpatching complete"));
}

TEST_F(DisableTest, ReverseFindsThePatchInTransition) {
  AddInTransition().enabled = false;
  options_.patch = "";
  EXPECT_EQ(RunReverse(context, options_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=1"));
}

TEST_F(DisableTest, ReverseRefusesWhatHasSettled) {
  kernel.AddPatch(kName);
  EXPECT_EQ(KindOf(RunReverse(context, options_).status()),
            ErrorKind::kNoTransition);
  options_.patch = "";
  EXPECT_EQ(KindOf(RunReverse(context, options_).status()),
            ErrorKind::kNoTransition);
}

}  // namespace
}  // namespace klpx
