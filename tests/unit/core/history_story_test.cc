// SPDX-License-Identifier: GPL-2.0
// The story of a transition, word for word, and its JSON by the schema.
#include "controller/core/history_story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "controller/core/report_history.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int64_t kSecond = 1'000'000'000;

TransitionRecord Reversed() {
  TransitionRecord record;
  record.id = 12;
  record.boot_id = "b-o-o-t";
  record.kernel = "6.12.0-test";
  record.patch = "fix";
  record.model = "tasks";
  record.replaces = {"old"};
  record.initiator = {"cli", "enable", 0, "root", 1000, "alice", "pts/0"};
  record.begun = absl::FromUnixSeconds(1700000000);
  record.begun_ns = 99 * kSecond;
  record.started_ns = 100 * kSecond;
  record.ended_ns = 104 * kSecond + kSecond / 4;
  record.outcome = Outcome::kReversed;
  record.tasks = 123;
  record.reversals = 1;
  record.signals = 1;
  record.blockers = 2;
  BlockerRecord task;
  task.tid = 412;
  task.pid = 400;
  task.comm = "cat\x1b";
  task.cmdline = "cat /dev/klpx";
  task.reason = "on-function";
  task.function = "do_open";
  task.since_ns = 100 * kSecond + kSecond / 2;
  task.seen_ns = 104 * kSecond;
  task.signals = 1;
  task.stack = {"do_open+0x10/0x40", "vfs_open+0x2d/0xe0"};
  record.blocked = {task};
  record.events = {{101 * kSecond, "gave-up", "after 1s", "root"},
                   {102 * kSecond, "signal", "to task 412", "root"},
                   {103 * kSecond, "reverse", "", "root"}};
  record.findings = {{"note", "note", "fix", "module foo is not loaded"}};
  return record;
}

TEST(StoryTest, TellsWhoWhatWhyAndHowItEnded) {
  EXPECT_EQ(Story(Reversed()),
            R"(Transition 12: enabling fix, reversed

On 2023-11-14 22:13:20 UTC root (sudo from alice, logged in as uid 1000) on pts/0 ran 'klp-controller enable', which asked for all tasks to be moved into the patch.
Engine klpx, Linux 6.12.0-test, model tasks; 123 tasks to move.
The patch replaces old.

Known before it began:
  note: module foo is not loaded

What happened:
     +0.000 s  the engine started it
     +0.500 s  cat?/412 was first found in the way
     +1.000 s  root stopped waiting after 1s
     +2.000 s  root had a fake signal sent to task 412
     +3.000 s  root turned it round
     +4.250 s  the last task was back where it came from

Who was in the way, and why:
  cat?/412 (process 400) was in do_open, for 3.50s, and got 1 fake signal
    command: cat /dev/klpx
      do_open+0x10/0x40
      vfs_open+0x2d/0xe0
  and 1 more that were not kept

It was reversed, and was back at its start after 4.250 s.
In all: 1 fake signal, 1 reversal.
)");
}

TEST(StoryTest, NamesForcedTasksAndWhatItMeans) {
  TransitionRecord record = Reversed();
  record.outcome = Outcome::kForced;
  record.reversals = 0;
  record.patching = false;
  record.forced = 1;
  record.forces = {{record.blocked[0], true, 103 * kSecond}};
  const std::string story = Story(record);
  EXPECT_THAT(story,
              HasSubstr("Forced, without a look at what they did: 1 task out "
                        "of the patch\n"));
  EXPECT_THAT(story, HasSubstr("cat?/412 (process 400) was in do_open, and "
                               "was forced out of the patch"));
  EXPECT_THAT(story, HasSubstr("stay until the\n  next reboot"));
  EXPECT_THAT(story, HasSubstr("with 1 task forced.\n"));
}

// The direction is that of the force, not that of the end.
TEST(StoryTest, ForcedIntoItAndThenReversed) {
  TransitionRecord record = Reversed();
  record.replaces.clear();
  record.forced = 1;
  record.forces = {{record.blocked[0], true, 102 * kSecond, /*into=*/true}};
  const std::string story = Story(record);
  EXPECT_THAT(story, HasSubstr(": 1 task into the patch\n"));
  EXPECT_THAT(story, HasSubstr("was forced into the patch"));
  EXPECT_THAT(story, Not(HasSubstr("reboot")));
  // The same from an older file, where it was not written down.
  record.forces[0].into.reset();
  EXPECT_EQ(Story(record), story);
}

TEST(StoryTest, EveryOutcomeHasAnEndOfItsOwn) {
  std::set<std::string> ends;
  for (int i = 0; i <= static_cast<int>(Outcome::kUnknown); i++) {
    TransitionRecord record = Reversed();
    record.outcome = static_cast<Outcome>(i);
    const std::string story = Story(record);
    ends.insert(story.substr(story.rfind("\n\n")));
  }
  EXPECT_EQ(ends.size(), static_cast<size_t>(Outcome::kUnknown) + 1);
}

TEST(StoryTest, SurvivesWhatADamagedFileMaySay) {
  TransitionRecord record = Reversed();
  record.started_ns = INT64_MIN;
  record.ended_ns = INT64_MAX;
  record.begun_ns = INT64_MIN;
  record.begun = absl::InfiniteFuture();
  record.blocked[0].since_ns = UINT64_MAX;
  record.events[0].time_ns = INT64_MIN;
  EXPECT_THAT(Story(record), Not(IsEmpty()));
  EXPECT_THAT(HistoryJson({}, {record}), Not(IsEmpty()));
}

TEST(HistoryReportTest, JsonIsAsTheSchemaSays) {
  TransitionRecord record = Reversed();
  record.forces = {{record.blocked[0], true, 103 * kSecond}};
  TransitionRecord bare;
  bare.boot_id = "b-o-o-t";
  EXPECT_THAT(SchemaErrors("klp.history", HistoryJson({}, {record, bare})),
              IsEmpty());
}

TEST(HistoryReportTest, TheNewestIsLast) {
  TransitionRecord newer = Reversed();
  newer.id = 13;
  newer.outcome = Outcome::kRunning;
  newer.ended_ns.reset();
  EXPECT_EQ(
      HistoryText({newer, Reversed()}, /*verbose=*/false),
      "ID  BEGUN                    PATCH  DIRECTION  OUTCOME   TOOK   TASKS  "
      "BLOCKERS  FORCED  BY\n"
      "12  2023-11-14 22:13:20 UTC  fix    patching   reversed  4.25s  123    "
      "2         0       root\n"
      "13  2023-11-14 22:13:20 UTC  fix    patching   running   -      123    "
      "2         0       root\n");
}

}  // namespace
}  // namespace klpx
