// SPDX-License-Identifier: GPL-2.0
#include "controller/core/policy/health.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

constexpr absl::Duration kIn = absl::Seconds(1000);

HealthPolicy Watch30s() {
  HealthPolicy policy;
  policy.watch = absl::Seconds(30);
  return policy;
}

class HealthGateTest : public testing::Test {
 protected:
  // Starts a round and ends it at once.
  bool Round(int second, absl::string_view complaint = "") {
    const absl::Duration now = kIn + absl::Seconds(second);
    if (!check.StartRound(now)) return false;
    check.EndRound(complaint, now);
    return true;
  }
  HealthVerdict At(int second) { return check.At(kIn + absl::Seconds(second)); }

  HealthCheck check{Watch30s(), kIn};
};

TEST_F(HealthGateTest, LooksEveryFiveSecondsAndPassesAtTheEnd) {
  int rounds = 0;
  for (int second = 0; second < 30; second++) {
    rounds += Round(second);
    EXPECT_EQ(At(second), HealthVerdict::kWatching) << second;
  }
  EXPECT_EQ(rounds, 6);
  EXPECT_EQ(At(30), HealthVerdict::kWatching);
  EXPECT_TRUE(Round(30));
  EXPECT_EQ(At(30), HealthVerdict::kPassed);
}

TEST_F(HealthGateTest, TheLastRoundIsDueAtTheEnd) {
  EXPECT_TRUE(Round(0));
  EXPECT_TRUE(Round(28));
  EXPECT_FALSE(Round(29));
  EXPECT_TRUE(Round(30));
  EXPECT_EQ(At(30), HealthVerdict::kPassed);
}

TEST_F(HealthGateTest, FailsWithTheFirstComplaint) {
  Round(0);
  Round(5, "kernel log: BUG: x");
  EXPECT_EQ(At(5), HealthVerdict::kFailed);
  EXPECT_EQ(check.reason(), "kernel log: BUG: x");
  EXPECT_FALSE(Round(10));
}

TEST_F(HealthGateTest, ASlowRoundIsNotStartedTwice) {
  ASSERT_TRUE(check.StartRound(kIn));
  EXPECT_FALSE(check.StartRound(kIn + absl::Seconds(6)));
  check.EndRound("", kIn + absl::Seconds(7));
  EXPECT_TRUE(check.StartRound(kIn + absl::Seconds(7)));
}

TEST_F(HealthGateTest, DoesNotPassBeforeItsLastRoundEnds) {
  ASSERT_TRUE(check.StartRound(kIn + absl::Seconds(30)));
  EXPECT_EQ(At(100), HealthVerdict::kWatching);
  check.EndRound("late, but a complaint", kIn + absl::Seconds(100));
  EXPECT_EQ(At(100), HealthVerdict::kFailed);
}

TEST_F(HealthGateTest, CanBeTakenOverInTheMiddle) {
  EXPECT_TRUE(Round(17));
  EXPECT_TRUE(Round(22));
  EXPECT_TRUE(Round(30));
  EXPECT_EQ(At(30), HealthVerdict::kPassed);
}

TEST_F(HealthGateTest, CanBeTakenOverALittleLate) {
  EXPECT_EQ(At(44), HealthVerdict::kWatching);
  EXPECT_TRUE(Round(44));
  EXPECT_EQ(At(44), HealthVerdict::kPassed);
}

TEST_F(HealthGateTest, ExpiresWhenNothingWatched) {
  EXPECT_EQ(At(46), HealthVerdict::kExpired);
  EXPECT_FALSE(Round(46));
}

TEST(OpenHealthCheckFailureTest, IsOpenUntilAVerdict) {
  EXPECT_EQ(OpenHealthCheckFailure({}), "");
  EXPECT_EQ(OpenHealthCheckFailure({{1, "signal", "to task 12", "root"}}), "");
  for (const char* kind :
       {kGateFailed, kGatePassed, kGateSkipped, kGateExpired}) {
    EXPECT_FALSE(OpenHealthCheckFailure({{1, kind, "", "root"}})) << kind;
  }
}

TEST(OpenHealthCheckFailureTest, FindsADecisionThatWasNotCarriedOut) {
  EXPECT_EQ(OpenHealthCheckFailure({{1, kGateFailing, "BUG: x", "root"}}),
            "BUG: x");
  EXPECT_FALSE(
      OpenHealthCheckFailure({{1, kGateFailing, "BUG: x", "root"},
                              {2, kGateFailed, "takes it out", "root"}}));
}

}  // namespace
}  // namespace klpx
