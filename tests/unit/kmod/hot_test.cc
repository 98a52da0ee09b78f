// SPDX-License-Identifier: GPL-2.0
// kmod/pure/hot.c: which functions are worth the fast path, and for how long.
extern "C" {
#include "pure/hot.h"
}

#include <gtest/gtest.h>

#include <limits>

namespace {

constexpr unsigned int kPerSecond = 10000;

TEST(HotTest, CountsCallsPerSecond) {
  EXPECT_TRUE(klpx_is_hot(10000, 1000, kPerSecond));
  EXPECT_FALSE(klpx_is_hot(9999, 1000, kPerSecond));
  EXPECT_TRUE(klpx_is_hot(320000, 32000, kPerSecond));
  EXPECT_FALSE(klpx_is_hot(319999, 32000, kPerSecond));
}

TEST(HotTest, NothingIsHotInNoTime) {
  EXPECT_FALSE(klpx_is_hot(1000000, 0, kPerSecond));
}

TEST(HotTest, EverythingIsHotIfNoCallsAreAsked) {
  EXPECT_TRUE(klpx_is_hot(0, 1000, 0));
}

TEST(HotTest, TheLargestRateIsNotSmallByOverflow) {
  constexpr unsigned int kMax = std::numeric_limits<unsigned int>::max();
  EXPECT_FALSE(klpx_is_hot(1000000, 32000, kMax));
}

TEST(HotTest, LooksSoonThenLessAndLess) {
  unsigned int delay = 0;
  unsigned int seen[] = {1000, 2000, 4000, 8000, 16000, 32000, 32000};
  for (unsigned int expected : seen) {
    delay = klpx_hot_next(delay);
    EXPECT_EQ(delay, expected);
  }
}

// A function, its counter and the clock.
class HeatTest : public testing::Test {
 protected:
  // The first look only begins.
  HeatTest() { EXPECT_EQ(Look(KLPX_HANDLED, 0, 1000000), KLPX_STAY); }

  // After so many more milliseconds, with so many more calls.
  klpx_move Look(klpx_place place, unsigned long long ms, unsigned long calls) {
    now_ += ms;
    calls_ += calls;
    return klpx_heat_look(&heat_, place, now_, calls_, kPerSecond);
  }
  void Promote() {
    EXPECT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_STAY);
    EXPECT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_PROMOTE);
    klpx_heat_promoted(&heat_, now_);
  }
  unsigned int Wait(klpx_place place) const {
    return klpx_heat_wait(&heat_, place, now_, /*idle_ms=*/32000);
  }

  klpx_heat heat_ = {};
  unsigned long long now_ = 1000000;
  unsigned long calls_ = 0;
};

TEST_F(HeatTest, OneBurstIsNotHot) {
  // A hundred calls in two milliseconds, and nothing for seconds.
  EXPECT_EQ(Look(KLPX_HANDLED, 2, 100), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_HANDLED, 2, 100), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_HANDLED, 3000, 0), KLPX_STAY);
}

TEST_F(HeatTest, OneHotSecondIsNotEnough) {
  EXPECT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_HANDLED, 1000, 0), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_STAY);
}

TEST_F(HeatTest, TwoHotSecondsInARowAre) { Promote(); }

TEST_F(HeatTest, LooksThatComeTooEarlyDoNotAddUp) {
  for (int i = 0; i < 9; ++i) EXPECT_EQ(Look(KLPX_HANDLED, 10, 100), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_STAY);
}

TEST_F(HeatTest, AMoveThatWasNotMadeComesAgain) {
  Look(KLPX_HANDLED, 1000, 10000);
  EXPECT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_PROMOTE);
  EXPECT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_PROMOTE);
  EXPECT_EQ(Wait(KLPX_HANDLED), 32000u);
}

TEST_F(HeatTest, ADirectOneIsProbedNowAndThen) {
  Promote();
  EXPECT_EQ(Look(KLPX_DIRECT, 15999, 0), KLPX_STAY);
  EXPECT_EQ(Wait(KLPX_DIRECT), 1000u);
  EXPECT_EQ(Look(KLPX_DIRECT, 1, 0), KLPX_PROBE);
  EXPECT_EQ(Wait(KLPX_PROBED), 1000u);
}

TEST_F(HeatTest, AWarmOneResumesAndIsProbedLessAndLess) {
  Promote();
  for (unsigned int delay : {16000, 32000, 64000, 128000, 128000}) {
    EXPECT_EQ(Look(KLPX_DIRECT, delay, 0), KLPX_PROBE);
    // Half of what makes one hot.
    EXPECT_EQ(Look(KLPX_PROBED, 1000, 5000), KLPX_RESUME);
  }
}

TEST_F(HeatTest, AColdOneLeavesAfterThreeLooks) {
  Promote();
  Look(KLPX_DIRECT, 16000, 0);
  EXPECT_EQ(Look(KLPX_PROBED, 1000, 4999), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_PROBED, 1000, 0), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_PROBED, 1000, 0), KLPX_COOL);
}

TEST_F(HeatTest, OneThatHasCooledCanBecomeHotAgain) {
  Promote();
  Look(KLPX_DIRECT, 16000, 0);
  for (int i = 0; i < 3; ++i) Look(KLPX_PROBED, 1000, 0);
  Promote();
}

TEST_F(HeatTest, WhatWasSeenBeforeATransitionDoesNotCount) {
  Promote();
  Look(KLPX_DIRECT, 16000, 0);
  EXPECT_EQ(Look(KLPX_PROBED, 1000, 0), KLPX_STAY);
  // The handler has it again, because a transition has begun and ended.
  EXPECT_EQ(Look(KLPX_HANDLED, 1000, 1000000), KLPX_STAY);
  Promote();
}

TEST_F(HeatTest, AWarmSecondAmongColdOnesKeepsIt) {
  Promote();
  Look(KLPX_DIRECT, 16000, 0);
  EXPECT_EQ(Look(KLPX_PROBED, 1000, 0), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_PROBED, 1000, 0), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_PROBED, 1000, 5000), KLPX_RESUME);
}

TEST_F(HeatTest, ARefusedOneIsTriedLessAndLess) {
  for (unsigned int delay :
       {1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 128000}) {
    klpx_heat_refused(&heat_, now_);
    EXPECT_EQ(Wait(KLPX_HANDLED), delay);
    now_ += delay - 1;
    EXPECT_FALSE(klpx_heat_may_try(&heat_, now_));
    now_ += 1;
    EXPECT_TRUE(klpx_heat_may_try(&heat_, now_));
  }
}

TEST_F(HeatTest, AHotOneThatWasRefusedWaits) {
  Look(KLPX_HANDLED, 1000, 10000);
  ASSERT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_PROMOTE);
  klpx_heat_refused(&heat_, now_);
  klpx_heat_refused(&heat_, now_);
  EXPECT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_STAY);
  EXPECT_EQ(Look(KLPX_HANDLED, 1000, 10000), KLPX_PROMOTE);
}

TEST_F(HeatTest, AFirstSignIsFollowedUpSoon) {
  EXPECT_EQ(Look(KLPX_HANDLED, 32000, 0), KLPX_STAY);
  EXPECT_EQ(Wait(KLPX_HANDLED), 32000u);
  EXPECT_EQ(Look(KLPX_HANDLED, 32000, 320000), KLPX_STAY);
  EXPECT_EQ(Wait(KLPX_HANDLED), 1000u);
}

}  // namespace
