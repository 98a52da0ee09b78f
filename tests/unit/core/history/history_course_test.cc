// SPDX-License-Identifier: GPL-2.0
// What happened in the course of a transition, and when.
#include "controller/core/history/history_course.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr int64_t kSecond = 1'000'000'000;

TransitionRecord Started() {
  TransitionRecord record;
  record.patch = "fix";
  record.started_ns = 100 * kSecond;
  return record;
}

BlockerRecord Task(uint32_t tid, int64_t since_ns, int64_t seen_ns) {
  BlockerRecord task;
  task.key.tid = tid;
  task.pid = tid;
  task.comm = "cat";
  task.reason = "on-function";
  task.function = "do_open";
  task.since_ns = since_ns;
  task.seen_ns = seen_ns;
  return task;
}

// Signalled in the 110th second, seen last in the 110th and a half, and gone in
// the 111th, when it was looked for.
TransitionRecord Signalled(size_t count) {
  TransitionRecord record = Started();
  record.watched = {{100 * kSecond, 120 * kSecond}};
  for (size_t i = 0; i < count; i++) {
    record.blocked.push_back(
        Task(10 + i, 101 * kSecond, 110 * kSecond + kSecond / 2));
    record.blocked.back().signalled_ns = 110 * kSecond;
  }
  return record;
}

std::vector<int64_t> Seconds(const TransitionRecord& record) {
  std::vector<int64_t> seconds;
  for (const CourseLine& line : CourseOf(record)) {
    seconds.push_back(line.time_ns / kSecond);
  }
  return seconds;
}

std::string AllText(const TransitionRecord& record) {
  std::string text;
  for (const CourseLine& line : CourseOf(record)) text += line.text + "\n";
  return text;
}

// What is said of this second.
std::string TextAt(const TransitionRecord& record, int64_t second) {
  std::string text;
  for (const CourseLine& line : CourseOf(record)) {
    if (line.time_ns / kSecond == second) text += line.text + "\n";
  }
  return text;
}

TEST(CourseTest, ARecordOfNothingHasNone) {
  EXPECT_THAT(CourseOf({}), IsEmpty());
}

TEST(CourseTest, IsInTheOrderOfTime) {
  TransitionRecord record = Started();
  record.ended_ns = 130 * kSecond;
  record.events = {{120 * kSecond, "reverse", "", "root"},
                   {105 * kSecond, "gave-up", "after 5s", "root"}};
  record.blocked = {Task(7, 110 * kSecond, 115 * kSecond)};
  EXPECT_THAT(Seconds(record), ElementsAre(100, 105, 110, 120, 130));
}

TEST(CourseTest, AtOneTimeTheStartIsFirstAndTheEndLast) {
  TransitionRecord record = Started();
  record.ended_ns = record.started_ns;
  record.events = {{100 * kSecond, "odd", "event", "root"}};
  const auto lines = CourseOf(record);
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[1].text, HasSubstr("odd"));
}

TEST(CourseTest, ATaskThatWasNotSeenToBlockHasNoLine) {
  TransitionRecord record = Started();
  record.blocked = {Task(7, 0, 115 * kSecond)};
  EXPECT_THAT(CourseOf(record), SizeIs(1));
}

TEST(CourseTest, ThreadsOfAProcessAreOneLine) {
  TransitionRecord record = Started();
  record.blocked = {Task(7, 110 * kSecond, 0), Task(8, 109 * kSecond, 0)};
  record.blocked[1].pid = 7;
  EXPECT_THAT(Seconds(record), ElementsAre(100, 109));
  EXPECT_THAT(AllText(record), HasSubstr("2 threads of cat/7"));
  EXPECT_THAT(AllText(record), HasSubstr("do_open"));
}

// Also those of a later version.
TEST(CourseTest, EveryKindOfEventHasALineWithItsText) {
  for (const char* kind :
       {"signal", "force", "gave-up", kGateOpened, kGateFailing, kGateFailed,
        kGatePassed, kGateSkipped, kGateExpired, kPolicyEvent, kGuardEvent,
        "of-the-future", ""}) {
    TransitionRecord record = Started();
    record.events = {{101 * kSecond, kind, "T-E-X-T", "root"}};
    const auto lines = CourseOf(record);
    ASSERT_THAT(lines, SizeIs(2)) << kind;
    EXPECT_THAT(lines[1].text, HasSubstr("T-E-X-T")) << kind;
  }
}

TEST(CourseTest, AReversalAndALeaveToForceNameWhoDidThem) {
  for (const char* kind : {"reverse", kForceAllowed}) {
    TransitionRecord record = Started();
    record.events = {{101 * kSecond, kind, "", "alice"}};
    EXPECT_THAT(AllText(record), HasSubstr("alice")) << kind;
  }
}

TEST(CourseTest, NothingDrivesTheTerminal) {
  TransitionRecord record = Started();
  record.events = {{101 * kSecond, "force", "\033[2J", "\nroot"},
                   {102 * kSecond, "\033odd", "x", "y"}};
  record.blocked = {Task(7, 110 * kSecond, 0), Task(8, 109 * kSecond, 0)};
  record.blocked[0].pid = 8;
  record.blocked[0].comm = record.blocked[1].comm = "\033[2J";
  record.blocked[0].function = record.blocked[1].function = "\033f";
  for (const CourseLine& line : CourseOf(record)) {
    EXPECT_EQ(line.text.find_first_of("\033\n"), std::string::npos);
  }
}

TEST(CourseTest, TheEngineSignalsUnlessAVerbDid) {
  TransitionRecord record = Signalled(2);
  EXPECT_THAT(TextAt(record, 110), HasSubstr("engine"));
  record.events = {{109 * kSecond, "signal", "to all", "root"}};
  EXPECT_THAT(TextAt(record, 110), HasSubstr("2 tasks"));
  EXPECT_THAT(TextAt(record, 110), Not(HasSubstr("engine")));
  record.events[0].time_ns = 100 * kSecond;
  EXPECT_THAT(TextAt(record, 110), HasSubstr("engine")) << "at another time";
}

TEST(CourseTest, SignalsOfOneRoundAreOneLine) {
  TransitionRecord record = Signalled(3);
  record.blocked[2].signalled_ns += 2 * kSecond;
  EXPECT_THAT(AllText(record), HasSubstr("3 tasks"));
  record.blocked[2].signalled_ns += 1;
  EXPECT_THAT(AllText(record), HasSubstr("2 tasks"));
}

TEST(CourseTest, TellsHowManyOfARoundMovedAndWhichWereLeft) {
  TransitionRecord record = Signalled(3);
  record.blocked[2].seen_ns = 119 * kSecond;
  const std::string text = AllText(record);
  EXPECT_THAT(text, HasSubstr("2 of them"));
  EXPECT_THAT(text, HasSubstr("cat/12"));
  EXPECT_THAT(AllText(Signalled(3)), HasSubstr("all of them"));
}

TEST(CourseTest, DoesNotSayThatATaskMovedThatNothingLookedFor) {
  TransitionRecord record = Signalled(1);
  EXPECT_THAT(AllText(record), HasSubstr("moved"));
  record.watched = {{100 * kSecond, 110 * kSecond}};
  EXPECT_THAT(AllText(record), Not(HasSubstr("moved")));
  record.ended_ns = 111 * kSecond;
  EXPECT_THAT(AllText(record), HasSubstr("moved")) << "the end proves it";
}

TEST(CourseTest, SurvivesAnyNumber) {
  TransitionRecord record = Signalled(3);
  record.blocked[0].signalled_ns = UINT64_MAX;
  record.blocked[1].seen_ns = UINT64_MAX;
  record.blocked[2].since_ns = UINT64_MAX;
  record.started_ns = INT64_MIN;
  record.ended_ns = INT64_MIN;
  record.events = {{INT64_MAX, "signal", "", ""},
                   {INT64_MIN, "signal", "", ""}};
  EXPECT_EQ(CourseOf(record).front().time_ns, INT64_MIN);
}

TEST(UnwatchedSpansTest, AreBetweenTheLooks) {
  TransitionRecord record = Started();
  record.ended_ns = 150 * kSecond;
  record.watched = {{110 * kSecond, 120 * kSecond},
                    {122 * kSecond, 130 * kSecond}};
  const auto spans = UnwatchedSpans(record);
  ASSERT_THAT(spans, SizeIs(2));
  EXPECT_EQ(spans[0].from_ns, 100 * kSecond);
  EXPECT_EQ(spans[0].until_ns, 110 * kSecond);
  EXPECT_EQ(spans[1].from_ns, 130 * kSecond);
  EXPECT_EQ(spans[1].until_ns, 150 * kSecond);
}

TEST(UnwatchedSpansTest, WhatEarlierVersionsDidNotKeepIsNotKnown) {
  TransitionRecord record = Started();
  record.ended_ns = 150 * kSecond;
  EXPECT_THAT(UnwatchedSpans(record), IsEmpty());
  record.watched = {{110 * kSecond, 120 * kSecond}};
  record.started_ns.reset();
  EXPECT_THAT(UnwatchedSpans(record), IsEmpty());
}

TEST(UnwatchedSpansTest, AGapBetweenTwoLooksIsNone) {
  TransitionRecord record = Started();
  record.watched = {{100 * kSecond + kWatchGapNs, 120 * kSecond}};
  record.ended_ns = 120 * kSecond + kWatchGapNs;
  EXPECT_THAT(UnwatchedSpans(record), IsEmpty());
  record.ended_ns = *record.ended_ns + 1;
  EXPECT_THAT(UnwatchedSpans(record), SizeIs(1));
}

TEST(UnwatchedSpansTest, WhatOverlapsOrRunsBackwardsIsSurvived) {
  TransitionRecord record = Started();
  record.watched = {{100 * kSecond, 150 * kSecond},
                    {110 * kSecond, 120 * kSecond},
                    {INT64_MAX, INT64_MIN},
                    {INT64_MIN, INT64_MAX}};
  record.ended_ns = INT64_MAX;
  const auto spans = UnwatchedSpans(record);
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].from_ns, 150 * kSecond);
}

}  // namespace
}  // namespace klpx
