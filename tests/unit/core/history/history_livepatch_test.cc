// SPDX-License-Identifier: GPL-2.0
#include "controller/core/history/history_livepatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

constexpr bool kLives = true;
constexpr bool kGone = false;

class LivepatchHistoryTest : public testing::Test {
 protected:
  LivepatchHistoryTest() {
    record_.engine = "kernel";
    record_.boot_id = "now";
    record_.patch = "fix";
    record_.begun_ns = 50;
    record_.initiator.by = "cli";
    facts_.boot_id = "now";
    facts_.now_ns = 900;
  }

  void Found(bool enabled, bool transition) {
    facts_.livepatches = {{"other", true, false}, {"fix", enabled, transition}};
  }

  void Watched() { facts_.watched = "fix"; }
  void Runs() {
    record_.outcome = Outcome::kRunning;
    record_.started_ns = 50;
  }

  TransitionRecord Reconciled(bool lives = kGone) {
    return ReconcileLivepatch(record_, facts_, lives).value();
  }

  TransitionRecord record_;
  EngineFacts facts_;
};

TEST_F(LivepatchHistoryTest, AnAnnouncementWaitsForItsTransition) {
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kStarting);
  EXPECT_EQ(ReconcileLivepatch(record_, facts_, kGone), std::nullopt);
}

TEST_F(LivepatchHistoryTest, StartsWhenItIsSeenRunning) {
  Found(true, true);
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kRunning);
  EXPECT_EQ(Reconciled(kLives).started_ns, 50);
  EXPECT_EQ(Reconciled(kLives).reversals, 0u);
}

// While a transition is prepared, its patch looks as if it were reversed.
TEST_F(LivepatchHistoryTest, APreparedTransitionIsNotReversed) {
  facts_.is_under_way = [](const LivepatchFact&) { return false; };
  Found(false, true);
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kStarting);
  Found(true, true);
  record_ = Reconciled(kLives);
  EXPECT_EQ(record_.outcome, Outcome::kRunning);
  Found(false, true);
  EXPECT_EQ(Reconciled().reversals, 0u);
  facts_.is_under_way = [](const LivepatchFact&) { return true; };
  EXPECT_EQ(Reconciled().reversals, 1u);
}

TEST_F(LivepatchHistoryTest, CompletesWithATimeIfItWasWatched) {
  Runs();
  Found(true, false);
  EXPECT_EQ(Reconciled().outcome, Outcome::kCompleted);
  EXPECT_EQ(Reconciled().ended_ns, std::nullopt);
  Watched();
  EXPECT_EQ(Reconciled().ended_ns, 900);
}

TEST_F(LivepatchHistoryTest, ADisabledPatchIsGone) {
  Runs();
  record_.patching = false;
  EXPECT_EQ(Reconciled().outcome, Outcome::kCompleted);
}

TEST_F(LivepatchHistoryTest, AnUnseenEndMayBelongToAnotherTransition) {
  Runs();  // to be enabled, and is not there
  EXPECT_EQ(Reconciled().outcome, Outcome::kUnknown);
  Watched();
  EXPECT_EQ(Reconciled().outcome, Outcome::kReversed);
  EXPECT_EQ(Reconciled().reversals, 1u);
}

TEST_F(LivepatchHistoryTest, CountsTheReversalsThatWereSeen) {
  Runs();
  Found(false, true);
  EXPECT_EQ(Reconciled().reversals, 1u);
  record_ = Reconciled();
  EXPECT_EQ(Reconciled().reversals, 1u);
  facts_.livepatches.clear();
  EXPECT_EQ(Reconciled().outcome, Outcome::kReversed);
  Found(true, true);
  EXPECT_EQ(Reconciled().reversals, 2u);
}

TEST_F(LivepatchHistoryTest, RemembersThatTasksWereForced) {
  Runs();
  record_.forced = 2;
  Found(true, false);
  EXPECT_EQ(Reconciled().outcome, Outcome::kForced);
}

TEST_F(LivepatchHistoryTest,
       AnAnnouncedTransitionThatIsOverWasWatchedFromItsStart) {
  Found(true, false);
  Watched();
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kCompleted);
  EXPECT_EQ(Reconciled(kLives).started_ns, 50);
  EXPECT_EQ(Reconciled(kLives).ended_ns, 900);
}

TEST_F(LivepatchHistoryTest, TheFollowerKnowsMoreThanTheCloser) {
  Runs();
  record_.outcome = Outcome::kUnknown;
  RecentTransition seen;
  seen.patched = false;
  seen.reversals = 1;
  EXPECT_EQ(WithEnd(record_, seen).outcome, Outcome::kUnknown);
  seen.ended_ns = 800;
  EXPECT_EQ(WithEnd(record_, seen).outcome, Outcome::kReversed);
  EXPECT_EQ(WithEnd(record_, seen).reversals, 1u);
  EXPECT_EQ(WithEnd(record_, seen).ended_ns, 800);
  seen.patched = true;
  EXPECT_EQ(WithEnd(record_, seen).outcome, Outcome::kCompleted);
  record_.forced = 1;
  EXPECT_EQ(WithEnd(record_, seen).outcome, Outcome::kForced);
  record_.outcome = Outcome::kCompleted;
  record_.ended_ns = 700;
  EXPECT_EQ(WithEnd(record_, seen).ended_ns, 700);
}

TEST_F(LivepatchHistoryTest, AnotherBootHasInterruptedIt) {
  Runs();
  record_.boot_id = "before";
  Found(true, false);
  EXPECT_EQ(Reconciled().outcome, Outcome::kInterrupted);
}

TEST_F(LivepatchHistoryTest, AdoptsForeignTransitionsWithoutInventingAStart) {
  const TransitionRecord record = AdoptLivepatch({"fix", false, true}, facts_);
  EXPECT_EQ(record.engine, "kernel");
  EXPECT_FALSE(record.patching);
  EXPECT_EQ(record.initiator.by, "outside");
  EXPECT_EQ(record.started_ns, std::nullopt);
  EXPECT_EQ(record.tasks, std::nullopt);
  record_ = record;
  Found(false, true);
  EXPECT_EQ(Reconciled().started_ns, std::nullopt);
}

}  // namespace
}  // namespace klpx
