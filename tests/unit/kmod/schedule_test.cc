// SPDX-License-Identifier: GPL-2.0
// kmod/pure/schedule.c: retry and signal times of a transition.
extern "C" {
#include "pure/schedule.h"
}

#include <gtest/gtest.h>

namespace {

class ScheduleTest : public testing::Test {
 protected:
  ScheduleTest() { klpx_schedule_reset(&schedule_); }
  klpx_schedule schedule_;
};

TEST_F(ScheduleTest, IsInNoHurryIfTasksReportThemselves) {
  EXPECT_EQ(klpx_schedule_retry(&schedule_, /*polled=*/false), 1000u);
  EXPECT_EQ(klpx_schedule_retry(&schedule_, /*polled=*/false), 1000u);
}

TEST_F(ScheduleTest, DoublesFromTenMillisecondsToASecond) {
  const unsigned int expected[] = {10,  20,  40,   80,   160,
                                   320, 640, 1000, 1000, 1000};
  for (unsigned int delay : expected)
    EXPECT_EQ(klpx_schedule_retry(&schedule_, /*polled=*/true), delay);
}

TEST_F(ScheduleTest, StartsAgainAfterAReset) {
  klpx_schedule_retry(&schedule_, /*polled=*/true);
  klpx_schedule_retry(&schedule_, /*polled=*/true);
  klpx_schedule_reset(&schedule_);
  EXPECT_EQ(klpx_schedule_retry(&schedule_, /*polled=*/true), 10u);
}

TEST_F(ScheduleTest, IsInAHurryAgainWhenAStackBecomesUnreadableLater) {
  for (int i = 0; i < 5; i++) klpx_schedule_retry(&schedule_, /*polled=*/true);
  klpx_schedule_retry(&schedule_, /*polled=*/false);
  EXPECT_EQ(klpx_schedule_retry(&schedule_, /*polled=*/true), 10u);
}

TEST_F(ScheduleTest, SignalsAfterFifteenSecondsAndNotBefore) {
  EXPECT_FALSE(klpx_schedule_signal(&schedule_, 0));
  EXPECT_FALSE(klpx_schedule_signal(&schedule_, 14999));
  EXPECT_TRUE(klpx_schedule_signal(&schedule_, 15000));
}

TEST_F(ScheduleTest, SignalsAgainEveryFifteenSeconds) {
  EXPECT_TRUE(klpx_schedule_signal(&schedule_, 15000));
  EXPECT_FALSE(klpx_schedule_signal(&schedule_, 15001));
  EXPECT_FALSE(klpx_schedule_signal(&schedule_, 29999));
  EXPECT_TRUE(klpx_schedule_signal(&schedule_, 30000));
}

TEST_F(ScheduleTest, MakesUpForALatePassOnlyOnce) {
  EXPECT_TRUE(klpx_schedule_signal(&schedule_, 100000));
  EXPECT_FALSE(klpx_schedule_signal(&schedule_, 100001));
  EXPECT_TRUE(klpx_schedule_signal(&schedule_, 115000));
}

}  // namespace
