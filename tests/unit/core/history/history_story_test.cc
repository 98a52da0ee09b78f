// SPDX-License-Identifier: GPL-2.0
// The story of a transition, word for word.
#include "controller/core/history/history_story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_split.h"
#include "tests/unit/core/history/history_samples.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(StoryTest, TellsWhoWhatWhyAndHowItEnded) {
  EXPECT_EQ(Story(Reversed()),
            R"(Transition 12: enabling fix, reversed

On 2023-11-14 22:13:20 UTC root (sudo from alice, logged in as uid 1000) on pts/0 ran
  'klp-controller enable', which asked to enable the patch.
Engine klpx, Linux 6.12.0-test, model tasks; 123 tasks to move.
The patch replaces old.

Known beforehand:
  note: module foo is not loaded

What happened:
     +0.000 s  the engine started it
     +0.500 s  cat?/412 was first found blocking
     +1.000 s  root stopped waiting after 1s
     +2.000 s  root sent a fake signal to task 412
     +2.200 s  the fake signal reached cat?/412
     +3.000 s  root reversed it
     +4.250 s  all tasks were back on the old side

What blocked it, and why:
  cat?/412 (process 400) was in do_open, seen for 3.50s, and got 1 fake signal
    command: cat /dev/klpx
      do_open+0x10/0x40
      vfs_open+0x2d/0xe0
  and 1 more that are not on record

It was reversed; all tasks were back on the old side after 4.250 s.
In total: 1 fake signal, 1 reversal.
)");
}

// Forty-two blockers of two processes, stuck for 43 s, of which 16 s were
// watched; the engine's signal moved all but one.
TransitionRecord Crowd() {
  TransitionRecord record = Reversed();
  record.outcome = Outcome::kCompleted;
  record.reversals = 0;
  record.events.clear();
  record.blocked.clear();
  record.ended_ns = 143 * kSecond;
  record.watched = {{100 * kSecond, 116 * kSecond + kSecond / 10}};
  for (uint32_t tid = 330; tid < 371; tid++) {
    BlockerRecord task;
    task.key.tid = tid;
    task.pid = 329;
    task.comm = "sleepers";
    task.reason = "on-function";
    task.function = "__do_sys_pause";
    task.since_ns = 100 * kSecond + kSecond / 20;
    task.seen_ns = 115 * kSecond + kSecond / 4;
    task.signalled_ns = 115 * kSecond + kSecond / 10;
    task.signals = 1;
    task.stack = {"__do_sys_pause+0x10/0x40"};
    record.blocked.push_back(task);
  }
  BlockerRecord spinner = record.blocked.front();
  spinner.key.tid = spinner.pid = 382;
  spinner.comm = "klpx_spinner";
  spinner.kthread = true;
  spinner.reason = "running";
  spinner.function = "";
  spinner.seen_ns = 116 * kSecond + kSecond / 10;
  record.blocked.push_back(spinner);
  record.blockers = record.blocked.size();
  return record;
}

TEST(StoryTest, FoldsThreadsAndTellsWhatMovedThem) {
  const std::string story = Story(Crowd());
  EXPECT_THAT(story, HasSubstr("+0.050 s  41 threads of sleepers/329 were "
                               "found in __do_sys_pause\n"));
  EXPECT_THAT(story, HasSubstr("+15.100 s  the engine sent a fake signal to 42 "
                               "tasks\n"));
  EXPECT_THAT(story, HasSubstr("+15.250 s  41 of them moved; left: "
                               "klpx_spinner/382\n"));
  EXPECT_THAT(story,
              HasSubstr("  41 threads of sleepers/329 were in __do_sys_pause, "
                        "seen +0.050 s .. +15.250 s; each got 1 fake\n    "
                        "signal\n    one of them, 330:\n"));
  EXPECT_LT(std::count(story.begin(), story.end(), '\n'), 40);
}

TEST(StoryTest, SaysWhenNothingWasWatching) {
  EXPECT_THAT(Story(Crowd()), HasSubstr("Nothing watched it after +16.100 s"));
  TransitionRecord record = Crowd();
  record.watched.push_back({120 * kSecond, 143 * kSecond});
  EXPECT_THAT(Story(record),
              HasSubstr("Nothing watched it from +16.100 s to +20.000 s"));
  record.watched = {{100 * kSecond, 143 * kSecond}};
  EXPECT_THAT(Story(record), Not(HasSubstr("watched")));
  record.watched.clear();
  EXPECT_THAT(Story(record), HasSubstr("whether it was watched all the time"));
  record.blocked.clear();
  EXPECT_THAT(Story(record), HasSubstr("No look at it is on record"));
}

// That a task was not seen any more means nothing if nothing looked.
TEST(StoryTest, DoesNotSayThatTasksMovedWhenNothingLooked) {
  TransitionRecord record = Crowd();
  record.watched = {{100 * kSecond, 115 * kSecond + kSecond / 4}};
  EXPECT_THAT(Story(record), Not(HasSubstr("moved;")));
}

TEST(StoryTest, NoLineIsLong) {
  TransitionRecord record = Crowd();
  record.findings = {{"n", "note", "fix", std::string(300, 'x')}};
  record.blocked[0].cmdline = "a b c " + std::string(250, 'y');
  record.blocked[0].cgroup = "/kubepods/" + std::string(200, 'z');
  record.replaces = std::vector<std::string>(20, "a_patch");
  for (const absl::string_view line : absl::StrSplit(Story(record), '\n')) {
    EXPECT_LE(line.size(), 98u) << line;
  }
}

TEST(StoryTest, NamesForcedTasksAndTheConsequence) {
  TransitionRecord record = Reversed();
  record.outcome = Outcome::kForced;
  record.reversals = 0;
  record.patching = false;
  record.forced = 1;
  record.forces = {{record.blocked[0], true, 103 * kSecond}};
  const std::string story = Story(record);
  EXPECT_THAT(
      story,
      HasSubstr("Forced without a check of what they were doing: 1 task out "
                "of the patch\n"));
  EXPECT_THAT(story, HasSubstr("cat?/412 (process 400) was in do_open, and "
                               "was forced out of the patch"));
  EXPECT_THAT(story, HasSubstr("stay until the\n  next reboot"));
  EXPECT_THAT(story, HasSubstr("with 1 task forced.\n"));
}

// The story has the direction at the time of the force, not at the end.
TEST(StoryTest, TellsTheDirectionOfAForceBeforeAReversal) {
  TransitionRecord record = Reversed();
  record.replaces.clear();
  record.forced = 1;
  record.forces = {{record.blocked[0], true, 102 * kSecond, /*into=*/true}};
  const std::string story = Story(record);
  EXPECT_THAT(story, HasSubstr(": 1 task into the patch\n"));
  EXPECT_THAT(story, HasSubstr("was forced into the patch"));
  EXPECT_THAT(story, Not(HasSubstr("reboot")));
  // An older file does not have the direction, but the result is the same.
  record.forces[0].into.reset();
  EXPECT_EQ(Story(record), story);
}

TEST(StoryTest, EveryOutcomeHasItsOwnEnd) {
  std::set<std::string> ends;
  for (int i = 0; i <= static_cast<int>(Outcome::kUnknown); i++) {
    TransitionRecord record = Reversed();
    record.outcome = static_cast<Outcome>(i);
    const std::string story = Story(record);
    ends.insert(story.substr(story.rfind("\n\n")));
  }
  EXPECT_EQ(ends.size(), static_cast<size_t>(Outcome::kUnknown) + 1);
}

TEST(StoryTest, SurvivesADamagedFile) {
  TransitionRecord record = Reversed();
  record.started_ns = INT64_MIN;
  record.ended_ns = INT64_MAX;
  record.begun_ns = INT64_MIN;
  record.begun = absl::InfiniteFuture();
  record.blocked[0].since_ns = UINT64_MAX;
  record.events[0].time_ns = INT64_MIN;
  record.blocked[0].seen_ns = UINT64_MAX;
  record.blocked[0].signalled_ns = UINT64_MAX - 1;
  record.watched = {{INT64_MIN, INT64_MAX}, {INT64_MAX, INT64_MIN}};
  EXPECT_THAT(Story(record), Not(IsEmpty()));
}

}  // namespace
}  // namespace klpx
