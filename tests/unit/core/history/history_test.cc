// SPDX-License-Identifier: GPL-2.0
// What happens to recorded transitions, how many are kept, which forced tasks
// still matter, and moments as users write them.
#include "controller/core/history/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/moment.h"
#include "controller/core/history/force_notes.h"
#include "controller/core/history/history_retention.h"
#include "controller/core/history/history_settle.h"
#include "controller/core/kernel/recent_transitions.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr bool kLives = true;
constexpr bool kGone = false;

TEST(RecentTest, ReadsLinesOfTheEngine) {
  const auto recent = ParseRecent(
      "100 200 fix patched 0 12 3 1\n"
      "300 0 other unpatched 1 5 0 0 more fields\n");
  ASSERT_THAT(recent, SizeIs(2));
  EXPECT_EQ(recent[0].ended_ns, 200);
  EXPECT_EQ(recent[0].tasks, 12u);
  EXPECT_EQ(recent[0].signals, 3u);
  EXPECT_EQ(recent[0].forced, 1u);
  EXPECT_TRUE(StartedForPatched(recent[0]));
  EXPECT_TRUE(StartedForPatched(recent[1]));
}

TEST(RecentTest, LeavesOutUnknownLines) {
  EXPECT_THAT(ParseRecent("\nx\n1 2 fix sideways 0 1 0 0\n-1 y z patched"),
              IsEmpty());
}

class SettleTest : public testing::Test {
 protected:
  SettleTest() {
    record_.boot_id = "now";
    record_.patch = "fix";
    record_.begun_ns = 50;
    facts_.boot_id = "now";
    facts_.recent = std::vector<RecentTransition>();
  }

  RecentTransition& Engine(int64_t started_ns, int64_t ended_ns) {
    facts_.recent->push_back({started_ns, ended_ns, "fix"});
    return facts_.recent->back();
  }

  TransitionRecord Settled(bool lives) {
    return klpx::Settle(record_, facts_, claimed_, lives).value();
  }

  TransitionRecord record_;
  EngineFacts facts_;
  std::vector<int64_t> claimed_;
};

TEST_F(SettleTest, AnAnnouncementClaimsTheNextTransitionOfItsPatch) {
  Engine(40, 45);
  Engine(60, 0);
  EXPECT_EQ(Settled(kGone).started_ns, 60);
  EXPECT_EQ(Settled(kGone).outcome, Outcome::kRunning);
}

TEST_F(SettleTest, AnAnnouncementLeavesAClaimedTransitionAlone) {
  Engine(60, 0);
  claimed_ = {60};
  EXPECT_EQ(Settled(kLives).outcome, Outcome::kStarting);
}

TEST_F(SettleTest, AnAnnouncementMatchesOnlyItsDirection) {
  Engine(60, 0).patched = false;
  EXPECT_EQ(Settled(kLives).outcome, Outcome::kStarting);
}

TEST_F(SettleTest, AnAnnouncementWithoutATransitionIsForgotten) {
  EXPECT_EQ(klpx::Settle(record_, facts_, claimed_, kGone), std::nullopt);
  EXPECT_EQ(Settled(kLives).outcome, Outcome::kStarting);
}

TEST_F(SettleTest, TheEngineSaysHowItEnded) {
  record_.started_ns = 60;
  record_.pending = 3;
  RecentTransition& found = Engine(60, 90);
  EXPECT_EQ(Settled(kGone).outcome, Outcome::kCompleted);
  EXPECT_EQ(Settled(kGone).ended_ns, 90);
  EXPECT_EQ(Settled(kGone).pending, 0u);
  found.forced = 1;
  EXPECT_EQ(Settled(kGone).outcome, Outcome::kForced);
  found.reversals = 1;
  EXPECT_EQ(Settled(kGone).outcome, Outcome::kReversed);
}

TEST_F(SettleTest, AnotherBootHasInterruptedIt) {
  record_.boot_id = "before";
  EXPECT_EQ(Settled(kLives).outcome, Outcome::kInterrupted);
}

TEST_F(SettleTest, WithoutTheEngineThePatchIsDisabled) {
  record_.started_ns = 60;
  facts_.recent.reset();
  EXPECT_EQ(Settled(kGone).outcome, Outcome::kRemoved);
}

TEST_F(SettleTest, WhatTheEngineHasForgottenIsUnknown) {
  record_.started_ns = 60;
  EXPECT_EQ(Settled(kGone).outcome, Outcome::kUnknown);
}

TEST_F(SettleTest, AdoptsWithTheWallClockTimeOfItsStart) {
  facts_.now = absl::FromUnixSeconds(1000);
  facts_.now_ns = 100'000'000'000;
  const TransitionRecord record =
      Adopt({40'000'000'000, 0, "fix", false, 1}, facts_);
  EXPECT_EQ(record.begun, absl::FromUnixSeconds(940));
  EXPECT_TRUE(record.patching);
  EXPECT_EQ(record.initiator.by, "outside");
}

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

TransitionRecord Forced(int64_t id, bool patching, uint64_t forced) {
  TransitionRecord record;
  record.id = id;
  record.patch = "fix";
  record.patching = patching;
  record.forced = forced;
  record.outcome = forced > 0 ? Outcome::kForced : Outcome::kCompleted;
  return record;
}

// The current state of the patch: a force keeps its module loaded, or not.
PatchState Loaded(bool pinned) {
  PatchState patch;
  patch.name = "fix";
  patch.registered = true;
  patch.enabled = true;
  patch.forced = pinned;
  return patch;
}

TEST(ForceMarksTest, TellIntoFromOutOf) {
  const auto marks =
      ForceMarksOf(Loaded(true), {Forced(2, false, 1), Forced(1, true, 3)});
  ASSERT_THAT(marks, SizeIs(2));
  EXPECT_EQ(marks[0].out_of_it, true);
  EXPECT_EQ(marks[1].out_of_it, false);
  EXPECT_EQ(marks[1].tasks, 3u);
}

TEST(ForceMarksTest, ALaterFullCheckEndsForcesInto) {
  EXPECT_THAT(
      ForceMarksOf(Loaded(false), {Forced(2, false, 0), Forced(1, true, 3)}),
      IsEmpty());
  EXPECT_THAT(
      ForceMarksOf(Loaded(true), {Forced(2, true, 0), Forced(1, false, 3)}),
      SizeIs(1));
}

// A patch that is enabled again was disabled before, on record or not.
TEST(ForceMarksTest, ALaterEnableEndsForcesInto) {
  TransitionRecord again = Forced(2, true, 0);
  again.outcome = Outcome::kRunning;
  EXPECT_THAT(ForceMarksOf(Loaded(false), {again, Forced(1, true, 3)}),
              IsEmpty());
}

// If the kernel does not keep the module, no task runs its code.
TEST(ForceMarksTest, ForcesOutOfItLastAsLongAsTheModuleIsKept) {
  EXPECT_THAT(ForceMarksOf(Loaded(false), {Forced(1, false, 2)}), IsEmpty());
  PatchState unused = Loaded(false);
  unused.registered = false;
  unused.refcount = 0;
  EXPECT_THAT(ForceMarksOf(unused, {Forced(1, false, 2)}), IsEmpty());
  unused.refcount = 1;
  EXPECT_THAT(ForceMarksOf(unused, {Forced(1, false, 2)}), SizeIs(1));
}

// A reversal after a force into the patch has checked every task.
TEST(ForceMarksTest, AReversalEndsForcesInto) {
  TransitionRecord record = Forced(1, true, 1);
  record.reversals = 1;
  record.outcome = Outcome::kReversed;
  record.forces = {{{}, /*done=*/true, 5, /*into=*/true}};
  EXPECT_THAT(ForceMarksOf(Loaded(false), {record}), IsEmpty());
  EXPECT_THAT(ForceMarksOf(Loaded(true), {record}), IsEmpty());
  record.outcome = Outcome::kRunning;
  const auto marks = ForceMarksOf(Loaded(false), {record});
  ASSERT_THAT(marks, SizeIs(1));
  EXPECT_EQ(marks[0].out_of_it, false);
}

TEST(ForceMarksTest, DoNotGuessTheDirection) {
  TransitionRecord record = Forced(1, true, 1);
  record.reversals = 1;
  record.outcome = Outcome::kReversed;
  EXPECT_THAT(ForceMarksOf(Loaded(false), {record}), IsEmpty());
  const auto marks = ForceMarksOf(Loaded(true), {record});
  ASSERT_THAT(marks, SizeIs(1));
  EXPECT_EQ(marks[0].out_of_it, std::nullopt);
}

TEST(ForceCountsTest, FollowTheCourseOfTheTransition) {
  TransitionRecord record = Forced(1, true, 3);
  EXPECT_EQ(CountForces(record).into, 3u);
  record.reversals = 1;
  EXPECT_EQ(CountForces(record).unknown, 3u);
  record.events = {{10, "reverse", "", "root"}, {20, "force", "", "root"}};
  EXPECT_EQ(CountForces(record).out, 3u);
  record.events[1].time_ns = 5;
  EXPECT_EQ(CountForces(record).into, 3u);
  record.events[1].who = kNobodyKnown;
  EXPECT_EQ(CountForces(record).unknown, 3u);
  record.forces = {{{}, true, 5}, {{}, true, 15}, {{}, false, 15}};
  EXPECT_EQ(CountForces(record).into, 1u);
  EXPECT_EQ(CountForces(record).out, 1u);
  EXPECT_EQ(CountForces(record).unknown, 1u);
}

TEST(ForceMarksTest, AReplacedPatchWasForcedOut) {
  TransitionRecord record = Forced(1, true, 2);
  record.replaces = {"old"};
  PatchState old = Loaded(true);
  old.name = "old";
  const auto marks = ForceMarksOf(old, {record});
  ASSERT_THAT(marks, SizeIs(1));
  EXPECT_EQ(marks[0].out_of_it, true);
}

TEST(ForceNotesTest, StateTheConsequenceEvenWithoutAHistory) {
  PatchState patch;
  patch.name = "fix";
  EXPECT_THAT(ForceNotes(patch), IsEmpty());
  patch.forced = true;
  EXPECT_THAT(ForceNotes(patch),
              ElementsAre(HasSubstr("its module stays until reboot")));
  patch.forces = {{7, true, 1}};
  EXPECT_THAT(ForceNotes(patch), ElementsAre(HasSubstr("explain 7")));
}

TEST(MomentTest, UnderstandsAgoDatesAndTimes) {
  const absl::Time now = absl::FromUnixSeconds(1000000);
  EXPECT_EQ(ParseMoment("2h", now), now - absl::Hours(2));
  EXPECT_EQ(ParseMoment("7d", now), now - absl::Hours(168));
  EXPECT_EQ(ParseMoment("1970-01-02", now), absl::FromUnixSeconds(86400));
  EXPECT_EQ(ParseMoment("1970-01-02 01:02", now),
            absl::FromUnixSeconds(86400 + 3720));
  EXPECT_EQ(ParseMoment("1970-01-02T00:00:05Z", now),
            absl::FromUnixSeconds(86405));
  // The form that the list shows, in any time zone of the machine.
  EXPECT_EQ(ParseMoment("1970-01-02 01:02:03 UTC", now),
            ParseMoment("1970-01-02 01:02:03", now));
  EXPECT_EQ(ParseMoment(MomentText(now), now), now);
  EXPECT_EQ(ParseMoment(MomentCell(now), now), now);
  for (const char* text : {"", "soon", "-2h", "1970-13-01", "99999999999d"}) {
    EXPECT_EQ(ParseMoment(text, now), std::nullopt) << text;
  }
}

TEST(OutcomeTest, WordsAreReadBack) {
  for (int i = 0; i <= static_cast<int>(Outcome::kUnknown); i++) {
    const Outcome outcome = static_cast<Outcome>(i);
    EXPECT_EQ(ParseOutcome(OutcomeWord(outcome)), outcome);
  }
  EXPECT_EQ(ParseOutcome("fine"), std::nullopt);
}

}  // namespace
}  // namespace klpx
