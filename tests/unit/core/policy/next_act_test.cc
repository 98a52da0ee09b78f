// SPDX-License-Identifier: GPL-2.0
// What will happen next to a transition, when, and which process will do it.
#include "controller/core/policy/next_act.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::HasSubstr;
using Then = PolicyDeadline::Then;

constexpr absl::Duration kNow = absl::Seconds(119);

class NextActTest : public testing::Test {
 protected:
  NextActTest() {
    patch_.name = "fix";
    running_.emplace();
    running_->patch = "fix";
    running_->started_ns = 100'000'000'000;
    actors_.daemon = true;
    actors_.deadline = PolicyDeadline{absl::Seconds(60), Then::kReverse, {}};
  }

  std::string Next() { return NextAct(patch_, running_, actors_, kNow); }

  PatchState patch_;
  std::optional<RecentTransition> running_;
  Actors actors_;
};

TEST_F(NextActTest, ThePolicyReversesItAfterTheRemainingTime) {
  EXPECT_EQ(Next(), "policy reverses it in 41 s");
  running_->started_ns = 1;
  EXPECT_EQ(Next(), "policy reverses it now");
}

TEST_F(NextActTest, ForTheKernelsEngineTheTimeIsUsedIfKnown) {
  running_.reset();
  EXPECT_EQ(Next(), "policy reverses it after 1m");
  patch_.elapsed_ms = 10000;
  EXPECT_EQ(Next(), "policy reverses it in 50 s");
}

TEST_F(NextActTest, WithoutADaemonTheDeadlineHasNoEffect) {
  actors_.daemon = false;
  EXPECT_THAT(Next(), HasSubstr("(1m) has no effect now, because no daemon"));
}

TEST_F(NextActTest, AReversedTransitionIsLeftAlone) {
  running_->reversals = 1;
  EXPECT_THAT(Next(), HasSubstr("reversed already"));
}

TEST_F(NextActTest, AForceNeedsTheNameAndTheOperator) {
  actors_.deadline->then = Then::kForce;
  EXPECT_THAT(Next(), HasSubstr("will not force it"));
  actors_.deadline->force = {{"fix", false}};
  EXPECT_EQ(Next(),
            "policy forces it in 41 s, if --allow-force was given for it");
}

TEST_F(NextActTest, AnOwnerDecides) {
  actors_.owner = "process 529 (enable)";
  EXPECT_EQ(Next(), "process 529 (enable) waits for it, without a time limit");
  actors_.plan = WaitPlan{Then::kReverse, kNow + absl::Seconds(7)};
  EXPECT_EQ(Next(), "process 529 (enable) reverses it in 7 s");
  actors_.plan->then = Then::kWait;
  EXPECT_EQ(Next(), "process 529 (enable) waits for it, and gives up in 7 s");
}

TEST_F(NextActTest, NothingEndsIt) {
  actors_.deadline.reset();
  EXPECT_THAT(Next(), HasSubstr("no time limit"));
  actors_.deadline = PolicyDeadline{absl::Seconds(60), Then::kWait, {}};
  EXPECT_THAT(Next(), HasSubstr("no time limit"));
}

TEST_F(NextActTest, APlanIsReadBack) {
  const auto plan = ParsePlan(PlanText({Then::kForce, absl::Seconds(4)}));
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->then, Then::kForce);
  EXPECT_EQ(plan->at, absl::Seconds(4));
  for (const char* text : {"", "reverse", "reverse x", "eat 1", "wait 1 2"}) {
    EXPECT_FALSE(ParsePlan(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace klpx
