// SPDX-License-Identifier: GPL-2.0
// kmod/pure/hot.c: which functions are worth the fast path.
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
  EXPECT_TRUE(klpx_is_hot(10, 1, kPerSecond));
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

}  // namespace
