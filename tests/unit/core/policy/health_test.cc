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
  // Starts a look and ends it at once.
  bool Look(int second, absl::string_view complaint = "") {
    const absl::Duration now = kIn + absl::Seconds(second);
    if (!gate.StartLook(now)) return false;
    gate.EndLook(complaint, now);
    return true;
  }
  HealthVerdict At(int second) { return gate.At(kIn + absl::Seconds(second)); }

  HealthGate gate{Watch30s(), kIn};
};

TEST_F(HealthGateTest, LooksEveryFiveSecondsAndPassesAtTheEnd) {
  int looks = 0;
  for (int second = 0; second < 30; second++) {
    looks += Look(second);
    EXPECT_EQ(At(second), HealthVerdict::kWatching) << second;
  }
  EXPECT_EQ(looks, 6);
  EXPECT_EQ(At(30), HealthVerdict::kWatching);
  EXPECT_TRUE(Look(30));
  EXPECT_EQ(At(30), HealthVerdict::kPassed);
}

TEST_F(HealthGateTest, TheLastLookIsDueAtTheEnd) {
  EXPECT_TRUE(Look(0));
  EXPECT_TRUE(Look(28));
  EXPECT_FALSE(Look(29));
  EXPECT_TRUE(Look(30));
  EXPECT_EQ(At(30), HealthVerdict::kPassed);
}

TEST_F(HealthGateTest, FailsWithTheFirstComplaint) {
  Look(0);
  Look(5, "kernel log: BUG: x");
  EXPECT_EQ(At(5), HealthVerdict::kFailed);
  EXPECT_EQ(gate.reason(), "kernel log: BUG: x");
  EXPECT_FALSE(Look(10));
}

TEST_F(HealthGateTest, ASlowLookIsNotStartedTwice) {
  ASSERT_TRUE(gate.StartLook(kIn));
  EXPECT_FALSE(gate.StartLook(kIn + absl::Seconds(6)));
  gate.EndLook("", kIn + absl::Seconds(7));
  EXPECT_TRUE(gate.StartLook(kIn + absl::Seconds(7)));
}

TEST_F(HealthGateTest, DoesNotPassBeforeItsLastLookEnds) {
  ASSERT_TRUE(gate.StartLook(kIn + absl::Seconds(30)));
  EXPECT_EQ(At(100), HealthVerdict::kWatching);
  gate.EndLook("late, but a complaint", kIn + absl::Seconds(100));
  EXPECT_EQ(At(100), HealthVerdict::kFailed);
}

TEST_F(HealthGateTest, CanBeTakenOverInTheMiddle) {
  EXPECT_TRUE(Look(17));
  EXPECT_TRUE(Look(22));
  EXPECT_TRUE(Look(30));
  EXPECT_EQ(At(30), HealthVerdict::kPassed);
}

TEST_F(HealthGateTest, CanBeTakenOverALittleLate) {
  EXPECT_EQ(At(44), HealthVerdict::kWatching);
  EXPECT_TRUE(Look(44));
  EXPECT_EQ(At(44), HealthVerdict::kPassed);
}

TEST_F(HealthGateTest, ExpiresWhenNothingWatched) {
  EXPECT_EQ(At(46), HealthVerdict::kExpired);
  EXPECT_FALSE(Look(46));
}

TEST(GateStandsAtTest, IsOpenUntilAVerdict) {
  EXPECT_EQ(GateStandsAt({}), "");
  EXPECT_EQ(GateStandsAt({{1, "signal", "to task 12", "root"}}), "");
  for (const char* kind :
       {kGateFailed, kGatePassed, kGateSkipped, kGateExpired}) {
    EXPECT_FALSE(GateStandsAt({{1, kind, "", "root"}})) << kind;
  }
}

TEST(GateStandsAtTest, FindsADecisionThatWasNotCarriedOut) {
  EXPECT_EQ(GateStandsAt({{1, kGateFailing, "BUG: x", "root"}}), "BUG: x");
  EXPECT_FALSE(GateStandsAt({{1, kGateFailing, "BUG: x", "root"},
                             {2, kGateFailed, "takes it out", "root"}}));
}

}  // namespace
}  // namespace klpx
