// SPDX-License-Identifier: GPL-2.0
#include "controller/view/pace.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

constexpr int64_t kSecond = 1000000000;

TEST(PaceTest, IsNotKnownAfterOneSample) {
  Pace pace;
  EXPECT_FALSE(pace.Rate());
  pace.Note("a", 0, 100);
  EXPECT_FALSE(pace.Rate());
  EXPECT_FALSE(pace.Estimate());
}

TEST(PaceTest, IsNotKnownFromSamplesTooCloseTogether) {
  Pace pace;
  pace.Note("a", 0, 100);
  pace.Note("a", kSecond / 10, 10);
  EXPECT_FALSE(pace.Rate());
}

TEST(PaceTest, ReportsRateAndEnd) {
  Pace pace;
  pace.Note("a", 0, 100);
  pace.Note("a", 2 * kSecond, 80);
  EXPECT_DOUBLE_EQ(*pace.Rate(), 10);
  EXPECT_EQ(*pace.Estimate(), absl::Seconds(8));
}

TEST(PaceTest, ForgetsTheFastStart) {
  Pace pace;
  pace.Note("a", 0, 10000);
  pace.Note("a", kSecond, 1);
  for (int second = 2; second <= 11; second++) {
    pace.Note("a", second * kSecond, 1);
  }
  EXPECT_DOUBLE_EQ(*pace.Rate(), 0);
  EXPECT_FALSE(pace.Estimate());
}

TEST(PaceTest, HasNoEndWhenForksAddMoreThanSwitch) {
  Pace pace;
  pace.Note("a", 0, 10);
  pace.Note("a", kSecond, 20);
  EXPECT_DOUBLE_EQ(*pace.Rate(), 0);
  EXPECT_FALSE(pace.Estimate());
}

TEST(PaceTest, StartsAgainWhenReversed) {
  Pace pace;
  pace.Note("a in", 0, 3);
  pace.Note("a in", kSecond, 2);
  pace.Note("a out", 2 * kSecond, 118);
  EXPECT_FALSE(pace.Rate());
  pace.Note("a out", 3 * kSecond, 18);
  EXPECT_DOUBLE_EQ(*pace.Rate(), 100);
}

TEST(PaceTest, StartsAgainWhenTheClockGoesBack) {
  Pace pace;
  pace.Note("a", 5 * kSecond, 3);
  pace.Note("a", kSecond, 2);
  EXPECT_FALSE(pace.Rate());
}

TEST(PaceTest, KeepsNoMoreThanItNeeds) {
  Pace pace;
  for (int64_t i = 0; i < 100000; i++) pace.Note("a", i * kSecond, 100000 - i);
  EXPECT_NEAR(*pace.Rate(), 1, 1e-9);
}

}  // namespace
}  // namespace klpx
