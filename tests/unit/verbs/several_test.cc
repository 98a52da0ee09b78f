// SPDX-License-Identifier: GPL-2.0
// Verbs for several patches: their order, and how a failure affects the others.
#include "controller/verbs/several.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SeveralTest : public testing::Test, protected CommandTest {
 protected:
  // Adds a stack of three patches, the last one on top.
  void AddStack() {
    for (const char* name : {"one", "two", "three"}) {
      FakePatch& patch = kernel.AddPatch(name);
      patch.order = static_cast<int>(kernel.patches.size());
    }
  }
};

TEST_F(SeveralTest, DisablesFromTheTopOfTheStack) {
  AddStack();
  EXPECT_EQ(RunDisableEach(context, {"one", "three", "two"}, false, {}).value(),
            0);
  EXPECT_THAT(kernel.writes,
              ElementsAre("three/enabled=0", "two/enabled=0", "one/enabled=0"));
}

TEST_F(SeveralTest, AllMeansEveryLoadedPatch) {
  AddStack();
  EXPECT_EQ(RunUnloadEach(context, {}, true, {}).value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre("klpx"));
  out.str("");
  EXPECT_EQ(RunUnloadEach(context, {}, true, {}).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("no patch is loaded"));
  EXPECT_EQ(RunDisableEach(context, {}, true, {}).value(), 0);
}

TEST_F(SeveralTest, RemovesTheEngineLast) {
  AddStack();
  EXPECT_EQ(RunUnloadEach(context, {"klpx", "one", "two", "three"}, false, {})
                .value(),
            0);
  EXPECT_THAT(kernel.modules, IsEmpty());
}

TEST_F(SeveralTest, AWrongNameStopsItBeforeAnyChange) {
  AddStack();
  EXPECT_EQ(
      KindOf(RunUnloadEach(context, {"three", "tow"}, false, {}).status()),
      ErrorKind::kNoSuchPatch);
  EXPECT_EQ(
      KindOf(RunDisableEach(context, {"three", "tow"}, false, {}).status()),
      ErrorKind::kNoSuchPatch);
  EnableOptions options;
  EXPECT_EQ(
      KindOf(RunEnableEach(context, {kFile, "/patches/no.ko"}, false, options)
                 .status()),
      ErrorKind::kNoSuchPatch);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(SeveralTest, TheFirstFailureStopsItAndNamesTheRest) {
  AddStack();
  kernel.transition_time = absl::InfiniteDuration();
  WaitOptions wait;
  wait.timeout = absl::Seconds(2);
  const absl::Status status =
      RunDisableEach(context, {"one", "two", "three"}, false, wait).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kStillRunning);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("; not tried: two, one"));
  EXPECT_THAT(kernel.writes, ElementsAre("three/enabled=0"));
}

TEST_F(SeveralTest, EnablesInTheGivenOrder) {
  AddStack();
  EnableOptions options;
  EXPECT_EQ(RunEnableEach(context, {"two", "one"}, false, options).value(), 0);
  EXPECT_LT(out.str().find("two: already"), out.str().find("one: already"));
}

TEST_F(SeveralTest, NeedsNamesOrAllAndOneNameWithNoWait) {
  EXPECT_EQ(KindOf(RunDisableEach(context, {}, false, {}).status()),
            ErrorKind::kUsage);
  EXPECT_EQ(KindOf(RunUnloadEach(context, {"a"}, true, {}).status()),
            ErrorKind::kUsage);
  EnableOptions options;
  options.wait.no_wait = true;
  EXPECT_EQ(KindOf(RunEnableEach(context, {"a", "b"}, false, options).status()),
            ErrorKind::kUsage);
}

}  // namespace
}  // namespace klpx
