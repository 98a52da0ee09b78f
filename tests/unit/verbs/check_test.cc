// SPDX-License-Identifier: GPL-2.0
// Is anything in transition? The answer is the exit code.
#include <gtest/gtest.h>

#include "controller/core/base/json.h"
#include "controller/verbs/verbs.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

class CheckTest : public testing::Test, protected CommandTest {
 protected:
  void Move(const std::string& name, Engine engine = Engine::kKlpx) {
    FakePatch& patch = kernel.AddPatch(name, engine);
    patch.transition = true;
    patch.started = kernel.now;
    kernel.transition_time = absl::InfiniteDuration();
  }
};

TEST_F(CheckTest, AMachineWithoutPatchesIsSettled) {
  EXPECT_EQ(RunCheck(context).value(), 0);
}

TEST_F(CheckTest, ATransitionOfEitherEngineCounts) {
  Move("theirs", Engine::kKernel);
  EXPECT_EQ(RunCheck(context).value(), 1);
}

TEST_F(CheckTest, SaysNothingIfAsked) {
  context.console.style.quiet = true;
  Move(kName);
  EXPECT_EQ(RunCheck(context).value(), 1);
  EXPECT_EQ(out.str(), "");
}

TEST_F(CheckTest, TheCodeIsTheSameBesideJson) {
  context.console.style.json = true;
  Move(kName);
  EXPECT_EQ(RunCheck(context).value(), 1);
  EXPECT_TRUE(Json::parse(out.str(), nullptr, false).is_object()) << out.str();
  EXPECT_NE(out.str().find(kName), std::string::npos);
}

TEST_F(CheckTest, NeedsNoRootAndTouchesNothing) {
  kernel.root = false;
  kernel.AddPatch(kName);
  EXPECT_EQ(RunCheck(context).value(), 0);
  EXPECT_TRUE(kernel.writes.empty());
  EXPECT_EQ(observer.attached, 0);
}

}  // namespace
}  // namespace klpx
