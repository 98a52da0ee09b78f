// SPDX-License-Identifier: GPL-2.0
// Requests of top are carried out by the verbs of the command line.
#include "controller/tui/act.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ActTest : public testing::Test, protected CommandTest {
 protected:
  ActTest() {
    kernel.transition_time = absl::InfiniteDuration();
    kernel.AddMovingPatch(kName, 1);
    observer.AddTask(42, "reader");
  }
  Request Make(RequestKind kind) { return {kind, kName, std::nullopt, true}; }
};

TEST_F(ActTest, SignalsOneTask) {
  Request request = Make(RequestKind::kSignal);
  request.task = 42;
  const ActionResult result = Act(context, request);
  EXPECT_TRUE(result.ok) << result.text;
  EXPECT_THAT(result.text, HasSubstr("fake signal sent to task 42"));
  EXPECT_THAT(kernel.writes, Contains("test_fix/signal_task=42"));
}

TEST_F(ActTest, ReversesWithoutWaiting) {
  const ActionResult result = Act(context, Make(RequestKind::kReverse));
  EXPECT_TRUE(result.ok) << result.text;
  EXPECT_THAT(kernel.writes, Contains("test_fix/enabled=0"));
  EXPECT_THAT(result.text, HasSubstr("unpatching is under way"));
}

TEST_F(ActTest, ThePriceOfForceIsTheVerbsAndForcesNothing) {
  const ActionResult result = Act(context, Make(RequestKind::kPriceOfForce));
  EXPECT_TRUE(result.ok) << result.text;
  EXPECT_THAT(result.text, HasSubstr("can corrupt data"));
  EXPECT_THAT(result.text, HasSubstr("reader"));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(ActTest, ForcesWhenAskedTo) {
  Request request = Make(RequestKind::kForce);
  request.task = 42;
  const ActionResult result = Act(context, request);
  EXPECT_TRUE(result.ok) << result.text;
  EXPECT_THAT(kernel.writes, Contains("test_fix/force_task=42"));
}

TEST_F(ActTest, DoesNothingToATransitionThatWasReversed) {
  kernel.patches[kName].enabled = false;
  for (const RequestKind kind :
       {RequestKind::kSignal, RequestKind::kReverse, RequestKind::kPriceOfForce,
        RequestKind::kForce}) {
    const ActionResult result = Act(context, Make(kind));
    EXPECT_FALSE(result.ok);
    EXPECT_THAT(result.text, HasSubstr("the transition has changed"));
  }
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(ActTest, WithoutRootSaysSo) {
  kernel.root = false;
  for (const RequestKind kind :
       {RequestKind::kSignal, RequestKind::kReverse, RequestKind::kPriceOfForce,
        RequestKind::kForce}) {
    const ActionResult result = Act(context, Make(kind));
    EXPECT_FALSE(result.ok);
    EXPECT_THAT(result.text, HasSubstr("needs root"));
  }
  EXPECT_THAT(kernel.writes, IsEmpty());
}

}  // namespace
}  // namespace klpx
