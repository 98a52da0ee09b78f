// SPDX-License-Identifier: GPL-2.0
#include "controller/view/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

BlockerRecord Task(uint32_t tid, int since_s, int seen_s) {
  BlockerRecord task;
  task.key.tid = task.pid = tid;
  task.comm = "cat";
  task.reason = "uninterruptible";
  task.function = "do_read";
  task.since_ns = kStartNs + since_s * kSecondNs;
  task.seen_ns = kStartNs + seen_s * kSecondNs;
  task.stack = {"do_read+0x1"};
  return task;
}

// A transition of twenty seconds, reversed after ten.
TransitionRecord Record() {
  TransitionRecord record;
  record.id = 7;
  record.patch = "fix_poll";
  record.begun = absl::FromUnixSeconds(1763726400);
  record.begun_ns = kStartNs;
  record.started_ns = kStartNs;
  record.ended_ns = kStartNs + 20 * kSecondNs;
  record.outcome = Outcome::kReversed;
  record.tasks = 120;
  record.blocked = {Task(1, 2, 19), Task(2, 2, 5)};
  record.watched = {{kStartNs, kStartNs + 19 * kSecondNs}};
  record.events = {{kStartNs + 10 * kSecondNs, "reverse", "", "root"}};
  return record;
}

TEST(ReplayTest, ShowsTheBlockersOfThatTime) {
  Replay replay({}, Record());
  EXPECT_EQ(replay.length(), absl::Seconds(20));
  EXPECT_THAT(replay.TakeSample().blockers, IsEmpty());
  replay.Seek(absl::Seconds(4));
  ASSERT_THAT(replay.TakeSample().blockers, SizeIs(2));
  EXPECT_EQ(replay.TakeSample().blockers[0].info.reason, KLPX_UNINTERRUPTIBLE);
  EXPECT_STREQ(replay.TakeSample().blockers[0].info.function, "do_read");
  EXPECT_THAT(replay.TakeSample().blockers[0].stack, SizeIs(1));
  replay.Seek(absl::Seconds(12));
  ASSERT_THAT(replay.TakeSample().blockers, SizeIs(1));
  EXPECT_EQ(replay.TakeSample().blockers[0].info.key.tid, 1u);
}

TEST(ReplayTest, DoesNotClaimThatNoTaskBlockedWhileUnobserved) {
  TransitionRecord record = Record();
  record.blocked = {Task(2, 2, 5)};
  record.watched = {{kStartNs + kSecondNs, kStartNs + 5 * kSecondNs}};
  Replay replay({}, record);
  replay.Seek(absl::Seconds(4));
  EXPECT_EQ(replay.TakeSample().blockers_missing, "");
  replay.Seek(absl::Seconds(15));
  EXPECT_THAT(replay.TakeSample().blockers, IsEmpty());
  EXPECT_EQ(replay.TakeSample().blockers_missing,
            "no process was observing at this moment");
  record.watched.clear();
  EXPECT_EQ(Replay({}, record).TakeSample().blockers_missing,
            "the history has no observation of it");
}

TEST(ReplayTest, ShowsTimeAndDirectionOfThatTime) {
  Replay replay({}, Record());
  replay.Seek(absl::Seconds(9));
  EXPECT_EQ(replay.TakeSample().host.time, absl::FromUnixSeconds(1763726409));
  EXPECT_TRUE(Moving(replay.TakeSample())->enabled);
  replay.Seek(absl::Seconds(11));
  EXPECT_FALSE(Moving(replay.TakeSample())->enabled);
  EXPECT_EQ(Moving(replay.TakeSample())->elapsed_ms, 11000u);
}

TEST(ReplayTest, ShowsTheEventsSoFar) {
  Replay replay({}, Record());
  EXPECT_THAT(replay.Events(), SizeIs(1));
  replay.Seek(absl::Seconds(10));
  EXPECT_THAT(replay.Events(), SizeIs(4));
  EXPECT_THAT(replay.Events().back().text, HasSubstr("root reversed it"));
  replay.Seek(absl::Seconds(20));
  EXPECT_THAT(replay.Events(), SizeIs(5));
}

TEST(ReplayTest, TheClockGoesAtItsSpeedAndStopsAtTheEnd) {
  Replay replay({}, Record());
  replay.Advance(absl::Seconds(2));
  EXPECT_EQ(replay.position(), absl::Seconds(2));
  replay.Faster();
  replay.Faster();
  replay.Advance(absl::Seconds(2));
  EXPECT_EQ(replay.position(), absl::Seconds(10));
  replay.TogglePlaying();
  replay.Advance(absl::Seconds(2));
  EXPECT_EQ(replay.position(), absl::Seconds(10));
  replay.TogglePlaying();
  replay.Advance(absl::Seconds(100));
  EXPECT_EQ(replay.position(), absl::Seconds(20));
  EXPECT_FALSE(replay.playing());
  replay.TogglePlaying();  // from the start again
  EXPECT_EQ(replay.position(), absl::ZeroDuration());
  EXPECT_TRUE(replay.playing());
}

TEST(ReplayTest, StepsStayWithinIt) {
  Replay replay({}, Record());
  replay.Step(-1);
  EXPECT_EQ(replay.position(), absl::ZeroDuration());
  replay.Step(3);
  EXPECT_EQ(replay.position(), absl::Seconds(3));
  replay.Step(100);
  EXPECT_EQ(replay.position(), absl::Seconds(20));
}

TEST(ReplayTest, SpeedHasLimits) {
  Replay replay({}, Record());
  for (int i = 0; i < 50; i++) replay.Faster();
  EXPECT_DOUBLE_EQ(replay.speed(), 1024);
  for (int i = 0; i < 50; i++) replay.Slower();
  EXPECT_DOUBLE_EQ(replay.speed(), 1.0 / 16);
}

TEST(ReplayTest, AnUnfinishedTransitionEndsAtTheLastObservation) {
  TransitionRecord record = Record();
  record.ended_ns = std::nullopt;
  EXPECT_EQ(Replay({}, record).length(), absl::Seconds(19));
}

TEST(ReplayTest, SurvivesADamagedRecord) {
  const int64_t extremes[] = {std::numeric_limits<int64_t>::min(), -1, 0,
                              std::numeric_limits<int64_t>::max()};
  for (const int64_t start : extremes) {
    for (const int64_t end : extremes) {
      TransitionRecord record = Record();
      record.started_ns = start;
      record.ended_ns = end;
      record.blocked[0].comm = std::string(300, '\xff');
      record.blocked[0].reason = "nonsense";
      record.blocked[1].since_ns = std::numeric_limits<uint64_t>::max();
      Replay replay({}, record);
      EXPECT_GT(replay.length(), absl::ZeroDuration());
      replay.Seek(replay.length());
      replay.TakeSample();
      replay.Events();
    }
  }
}

}  // namespace
}  // namespace klpx
