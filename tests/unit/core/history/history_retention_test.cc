// SPDX-License-Identifier: GPL-2.0
#include "controller/core/history/history_retention.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

TEST(RetentionTest, MakesRoomForOneMore) {
  HistoryLimits limits;
  limits.transitions = 10;
  limits.bytes = 1000;
  EXPECT_EQ(CountToPrune({9, 999}, limits), 0u);
  EXPECT_EQ(CountToPrune({10, 0}, limits), 1u);
  EXPECT_EQ(CountToPrune({15, 0}, limits), 6u);
  EXPECT_EQ(CountToPrune({3, 1000}, limits), 1u);
  EXPECT_EQ(CountToPrune({9, 5000}, limits), 1u);
  limits.transitions = 1000;
  EXPECT_EQ(CountToPrune({160, 1000}, limits), 10u);
  EXPECT_EQ(CountToPrune({0, 1000}, limits), 0u);
}

TEST(RetentionTest, TheDefaultsKeepAtLeastOne) {
  const HistoryLimits limits;
  EXPECT_EQ(CountToPrune({0, 0}, limits), 0u);
  EXPECT_EQ(CountToPrune({1, 0}, limits), 0u);
  EXPECT_EQ(CountToPrune({limits.transitions - 1, limits.bytes - 1}, limits),
            0u);
}

TEST(RetentionTest, NeverMoreThanThereAre) {
  HistoryLimits limits;
  limits.transitions = 0;
  limits.bytes = 0;
  EXPECT_EQ(CountToPrune({0, 0}, limits), 0u);
  EXPECT_EQ(CountToPrune({5, UINT64_MAX}, limits), 5u);
}

// Both are full: what is more goes.
TEST(RetentionTest, TheLargerNeedCounts) {
  HistoryLimits limits;
  limits.transitions = 100;
  limits.bytes = 1000;
  EXPECT_EQ(CountToPrune({160, 1000}, limits), 61u);
  limits.transitions = 158;
  EXPECT_EQ(CountToPrune({160, 1000}, limits), 10u);
}

}  // namespace
}  // namespace klpx
