// SPDX-License-Identifier: GPL-2.0
// What a deadline demands, when, and for which transitions.
#include "controller/core/policy/deadline.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

constexpr int64_t kStart = 1'000'000'000'000;

int64_t After(absl::Duration time) {
  return kStart + absl::ToInt64Nanoseconds(time);
}

class DeadlineTest : public testing::Test {
 protected:
  DeadlineTest() {
    deadline_.after = absl::Seconds(60);
    deadline_.then = PolicyDeadline::Then::kReverse;
    running_.started_ns = kStart;
    running_.patch = "fix_one";
  }

  DeadlineAct At(absl::Duration time, bool confirmed = false) {
    return ActAtDeadline(deadline_, running_, After(time), confirmed);
  }

  void Force(const std::string& name) {
    deadline_.then = PolicyDeadline::Then::kForce;
    deadline_.force = {{name, /*is_prefix=*/true}};
  }

  PolicyDeadline deadline_;
  RecentTransition running_;
};

TEST_F(DeadlineTest, IsDueWhenTheTimeIsUpAndStaysDue) {
  EXPECT_EQ(At(absl::ZeroDuration()), DeadlineAct::kNone);
  EXPECT_EQ(At(absl::Seconds(60) - absl::Nanoseconds(1)), DeadlineAct::kNone);
  EXPECT_EQ(At(absl::Seconds(60)), DeadlineAct::kReverse);
  EXPECT_EQ(At(absl::Hours(24 * 365)), DeadlineAct::kReverse);
}

TEST_F(DeadlineTest, LeavesAReversedTransitionAlone) {
  running_.reversals = 1;
  EXPECT_EQ(At(absl::Hours(1)), DeadlineAct::kNone);
  running_.reversals = 2;
  EXPECT_EQ(At(absl::Hours(1)), DeadlineAct::kNone);
}

TEST_F(DeadlineTest, LeavesAnEndedTransitionAlone) {
  running_.ended_ns = kStart + 1;
  EXPECT_EQ(At(absl::Hours(1)), DeadlineAct::kNone);
}

TEST_F(DeadlineTest, DoesNothingWithoutATimeOrIfItOnlyWaits) {
  deadline_.then = PolicyDeadline::Then::kWait;
  EXPECT_EQ(At(absl::Hours(1)), DeadlineAct::kNone);
  deadline_.then = PolicyDeadline::Then::kReverse;
  deadline_.after.reset();
  EXPECT_EQ(At(absl::Hours(1)), DeadlineAct::kNone);
}

TEST_F(DeadlineTest, ForcesOnlyNamedPatchesThatTheOperatorConfirmed) {
  Force("fix_");
  EXPECT_EQ(At(absl::Hours(1), /*confirmed=*/true), DeadlineAct::kForce);
  EXPECT_EQ(At(absl::Hours(1), /*confirmed=*/false), DeadlineAct::kLeave);
  Force("other");
  EXPECT_EQ(At(absl::Hours(1), /*confirmed=*/true), DeadlineAct::kLeave);
}

TEST_F(DeadlineTest, AClockBehindTheStartIsBeforeTheDeadline) {
  EXPECT_EQ(ActAtDeadline(deadline_, running_, kStart - 1, false),
            DeadlineAct::kNone);
}

TEST_F(DeadlineTest, AReversalMayTakeAtLeastHalfAMinute) {
  EXPECT_EQ(ReversalLimit(deadline_), absl::Seconds(60));
  deadline_.after = absl::Seconds(2);
  EXPECT_EQ(ReversalLimit(deadline_), kReversalTimeout);
  deadline_.after.reset();
  EXPECT_EQ(ReversalLimit(deadline_), kReversalTimeout);
}

}  // namespace
}  // namespace klpx
