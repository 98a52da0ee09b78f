// SPDX-License-Identifier: GPL-2.0
// When a job is due again.
#include "controller/core/base/job_timer.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

constexpr absl::Duration kNow = absl::Seconds(100);
constexpr absl::Duration kInterval = absl::Seconds(5);

TEST(JobTimerTest, IsDueAtFirst) {
  EXPECT_TRUE(JobTimer().IsDue(absl::ZeroDuration(), kInterval));
}

TEST(JobTimerTest, IsDueWhenTheIntervalIsOver) {
  JobTimer timer;
  timer.Succeeded(kNow, absl::Milliseconds(1));
  EXPECT_FALSE(timer.IsDue(kNow + kInterval - absl::Nanoseconds(1), kInterval));
  EXPECT_TRUE(timer.IsDue(kNow + kInterval, kInterval));
}

TEST(JobTimerTest, AShorterIntervalTakesEffectAtOnce) {
  JobTimer timer;
  timer.Succeeded(kNow, absl::ZeroDuration());
  EXPECT_FALSE(timer.IsDue(kNow + absl::Seconds(1), kInterval));
  EXPECT_TRUE(timer.IsDue(kNow + absl::Seconds(1), absl::Seconds(1)));
}

TEST(JobTimerTest, ASlowJobIsDueLessOften) {
  JobTimer timer;
  timer.Succeeded(kNow, absl::Seconds(3));
  EXPECT_FALSE(timer.IsDue(kNow + absl::Seconds(11), kInterval));
  EXPECT_TRUE(timer.IsDue(kNow + absl::Seconds(12), kInterval));
  EXPECT_FALSE(timer.IsDue(kNow + absl::Seconds(11), absl::ZeroDuration()));
}

TEST(JobTimerTest, AChangeMakesItDueBeforeTheIntervalIsOver) {
  JobTimer timer;
  timer.Succeeded(kNow, absl::ZeroDuration());
  timer.Changed();
  EXPECT_TRUE(timer.IsDue(kNow, kInterval));
  timer.Succeeded(kNow, absl::ZeroDuration());
  EXPECT_FALSE(timer.IsDue(kNow, kInterval));
}

TEST(JobTimerTest, AChangeDuringARestIsNotForgotten) {
  JobTimer timer;
  timer.Succeeded(kNow, absl::Seconds(3));
  timer.Changed();
  EXPECT_FALSE(timer.IsDue(kNow + absl::Seconds(11), absl::Seconds(60)));
  EXPECT_EQ(timer.NextAt(absl::Seconds(60)), kNow + absl::Seconds(12));
}

TEST(JobTimerTest, FailuresAreRetriedWithGrowingDelayAndReportedOnce) {
  JobTimer timer;
  absl::Duration now = kNow;
  EXPECT_TRUE(timer.Failed(now));
  for (const int seconds : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
    const absl::Duration retry = now + absl::Seconds(seconds);
    EXPECT_FALSE(timer.IsDue(retry - absl::Nanoseconds(1), kInterval));
    EXPECT_TRUE(timer.IsDue(retry, kInterval));
    now = retry;
    EXPECT_FALSE(timer.Failed(now));
  }
  timer.Succeeded(now, absl::ZeroDuration());
  EXPECT_TRUE(timer.IsDue(now + kInterval, kInterval));
  EXPECT_TRUE(timer.Failed(now + kInterval));
}

TEST(JobTimerTest, AFailedJobWaitsDespiteAChange) {
  JobTimer timer;
  timer.Failed(kNow);
  timer.Changed();
  EXPECT_FALSE(
      timer.IsDue(kNow + absl::Milliseconds(999), absl::ZeroDuration()));
  EXPECT_TRUE(timer.IsDue(kNow + absl::Seconds(1), kInterval));
}

}  // namespace
}  // namespace klpx
