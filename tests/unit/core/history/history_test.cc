// SPDX-License-Identifier: GPL-2.0
// Words and times of what is remembered of a transition.
#include "controller/core/history/history.h"

#include <gtest/gtest.h>

#include "tests/unit/core/history/history_samples.h"

namespace klpx {
namespace {

TEST(OutcomeTest, WordsAreReadBack) {
  for (int i = 0; i <= static_cast<int>(Outcome::kUnknown); i++) {
    const Outcome outcome = static_cast<Outcome>(i);
    EXPECT_EQ(ParseOutcome(OutcomeWord(outcome)), outcome);
  }
  EXPECT_EQ(ParseOutcome("fine"), std::nullopt);
}

TEST(ForceCountsTest, GoByWhatTheTransitionDidBefore) {
  TransitionRecord record = Forced(1, true, 3);
  EXPECT_EQ(CountForces(record).into, 3u);
  record.reversals = 1;
  EXPECT_EQ(CountForces(record).unknown, 3u);
  record.events = {{10, "reverse", "", "root"}, {20, "force", "", "root"}};
  EXPECT_EQ(CountForces(record).out, 3u);
  record.events[1].time_ns = 5;
  EXPECT_EQ(CountForces(record).into, 3u);
  record.events[1].who = kUnknownActor;
  EXPECT_EQ(CountForces(record).unknown, 3u);
  record.forces = {{{}, true, 5}, {{}, true, 15}, {{}, false, 15}};
  EXPECT_EQ(CountForces(record).into, 1u);
  EXPECT_EQ(CountForces(record).out, 1u);
  EXPECT_EQ(CountForces(record).unknown, 1u);
}

TEST(InitiatorTest, NamesTheUserAndWhatIsBehind) {
  Initiator initiator;
  initiator.by = "cli";
  initiator.user = "root";
  initiator.uid = 0;
  initiator.login_uid = 1000;
  initiator.sudo_user = "alice";
  initiator.tty = "pts/0";
  const std::string words = InitiatorWords(initiator);
  EXPECT_EQ(words.find("root"), 0u);
  EXPECT_NE(words.find("alice"), std::string::npos);
  EXPECT_NE(words.find("1000"), std::string::npos);
  EXPECT_NE(words.find("pts/0"), std::string::npos);
}

TEST(InitiatorTest, AUserWithoutANameIsANumber) {
  Initiator initiator;
  initiator.by = "cli";
  initiator.uid = 4711;
  EXPECT_EQ(InitiatorWords(initiator), "uid 4711");
}

TEST(InitiatorTest, CannotDriveTheTerminal) {
  Initiator initiator;
  initiator.by = "cli";
  initiator.user = "\033[2Jroot";
  initiator.tty = "pts\n0";
  const std::string words = InitiatorWords(initiator);
  EXPECT_EQ(words.find_first_of("\033\n"), std::string::npos);
}

TEST(BlockedMsTest, IsFromTheFirstToTheLastLook) {
  BlockerRecord blocker;
  blocker.since_ns = 1'000'000;
  blocker.seen_ns = 5'999'999;
  EXPECT_EQ(BlockedMs(blocker), 4u);
}

TEST(BlockedMsTest, IsNothingWithoutAStartOrWithClocksThatGoBack) {
  BlockerRecord blocker;
  blocker.seen_ns = UINT64_MAX;
  EXPECT_EQ(BlockedMs(blocker), 0u);
  blocker.since_ns = UINT64_MAX;
  blocker.seen_ns = 1;
  EXPECT_EQ(BlockedMs(blocker), 0u);
}

TEST(TookMsTest, NeedsAStartAndAnEndThatFollowsIt) {
  TransitionRecord record;
  EXPECT_EQ(TookMs(record), std::nullopt);
  record.started_ns = 2'000'000;
  EXPECT_EQ(TookMs(record), std::nullopt);
  record.ended_ns = 1'000'000;
  EXPECT_EQ(TookMs(record), std::nullopt);
  record.ended_ns = 5'500'000;
  EXPECT_EQ(TookMs(record), 3u);
}

TEST(TookMsTest, SurvivesAllThatFitsIntoTheNumbers) {
  TransitionRecord record;
  record.started_ns = INT64_MIN;
  record.ended_ns = INT64_MAX;
  EXPECT_EQ(TookMs(record), UINT64_MAX / 1'000'000);
}

TEST(WallTimeTest, GoesWithTheMonotonicClock) {
  TransitionRecord record;
  record.begun = absl::FromUnixSeconds(1000);
  record.begun_ns = 50'000'000'000;
  EXPECT_EQ(WallTime(record, 53'000'000'000), absl::FromUnixSeconds(1003));
  EXPECT_EQ(WallTime(record, 49'000'000'000), absl::FromUnixSeconds(999));
}

TEST(DirectionAtTest, EachReversalTurnsIt) {
  TransitionRecord record;
  record.patching = true;
  record.reversals = 2;
  record.events = {{10, "reverse", "", "root"},
                   {15, "signal", "", "root"},
                   {20, "reverse", "", "root"}};
  EXPECT_EQ(DirectionAt(record, 9), true);
  EXPECT_EQ(DirectionAt(record, 10), false);
  EXPECT_EQ(DirectionAt(record, 19), false);
  EXPECT_EQ(DirectionAt(record, 20), true);
}

TEST(DirectionAtTest, IsNotKnownIfAReversalIsNotOnRecord) {
  TransitionRecord record;
  record.reversals = 2;
  record.events = {{10, "reverse", "", "root"}};
  EXPECT_EQ(DirectionAt(record, 5), std::nullopt);
  record.events.push_back({20, "reverse", "", kUnknownActor});
  EXPECT_EQ(DirectionAt(record, 5), std::nullopt);
}

// More names than the engine has counted: a damaged file.
TEST(ForceCountsTest, NeverMoreThanTheEngineCounted) {
  TransitionRecord record = Forced(1, true, 1);
  record.forces = {{{}, true, 5, true}, {{}, true, 6, true}};
  EXPECT_EQ(CountForces(record).into, 1u);
  record.forced = 0;
  EXPECT_EQ(CountForces(record).into, 0u);
}

TEST(WasWatchedTest, WithinHalfAGapOfALook) {
  TransitionRecord record;
  const int64_t from = 100'000'000'000;
  const int64_t until = 110'000'000'000;
  record.watched = {{from, until}};
  EXPECT_TRUE(WasWatched(record, from - kWatchGapNs / 2));
  EXPECT_FALSE(WasWatched(record, from - kWatchGapNs / 2 - 1));
  EXPECT_TRUE(WasWatched(record, until + kWatchGapNs / 2));
  EXPECT_FALSE(WasWatched(record, until + kWatchGapNs / 2 + 1));
}

TEST(WasWatchedTest, SurvivesTimesThatThereAreNot) {
  TransitionRecord record;
  EXPECT_FALSE(WasWatched(record, INT64_MAX));
  record.watched = {{INT64_MIN, INT64_MAX}};
  EXPECT_TRUE(WasWatched(record, INT64_MIN));
  EXPECT_TRUE(WasWatched(record, INT64_MAX));
}

}  // namespace
}  // namespace klpx
