// SPDX-License-Identifier: GPL-2.0
// What becomes of transitions on record that have not ended.
#include "controller/core/history/history_reconcile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

constexpr bool kLives = true;
constexpr bool kGone = false;

class ReconcileTest : public testing::Test {
 protected:
  ReconcileTest() {
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

  TransitionRecord Reconciled(bool lives) {
    return klpx::Reconcile(record_, facts_, claimed_, lives).value();
  }

  TransitionRecord record_;
  EngineFacts facts_;
  std::vector<int64_t> claimed_;
};

TEST_F(ReconcileTest, AnAnnouncementClaimsTheNextTransitionOfItsPatch) {
  Engine(40, 45);
  Engine(60, 0);
  EXPECT_EQ(Reconciled(kGone).started_ns, 60);
  EXPECT_EQ(Reconciled(kGone).outcome, Outcome::kRunning);
}

TEST_F(ReconcileTest, AnAnnouncementLeavesWhatAnotherHasClaimed) {
  Engine(60, 0);
  claimed_ = {60};
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kStarting);
}

TEST_F(ReconcileTest, AnAnnouncementIsOfOneDirection) {
  Engine(60, 0).patched = false;
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kStarting);
}

TEST_F(ReconcileTest, AnAnnouncementThatNothingCameOfIsForgotten) {
  EXPECT_EQ(klpx::Reconcile(record_, facts_, claimed_, kGone), std::nullopt);
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kStarting);
}

TEST_F(ReconcileTest, TheEngineSaysHowItEnded) {
  record_.started_ns = 60;
  record_.pending = 3;
  RecentTransition& found = Engine(60, 90);
  EXPECT_EQ(Reconciled(kGone).outcome, Outcome::kCompleted);
  EXPECT_EQ(Reconciled(kGone).ended_ns, 90);
  EXPECT_EQ(Reconciled(kGone).pending, 0u);
  found.forced = 1;
  EXPECT_EQ(Reconciled(kGone).outcome, Outcome::kForced);
  found.reversals = 1;
  EXPECT_EQ(Reconciled(kGone).outcome, Outcome::kReversed);
}

TEST_F(ReconcileTest, AnotherBootHasInterruptedIt) {
  record_.boot_id = "before";
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kInterrupted);
}

TEST_F(ReconcileTest, WithoutTheEngineItsPatchIsOut) {
  record_.started_ns = 60;
  facts_.recent.reset();
  EXPECT_EQ(Reconciled(kGone).outcome, Outcome::kRemoved);
}

TEST_F(ReconcileTest, WhatTheEngineHasForgottenIsUnknown) {
  record_.started_ns = 60;
  EXPECT_EQ(Reconciled(kGone).outcome, Outcome::kUnknown);
}

TEST_F(ReconcileTest, AdoptsWithTheWallClockTimeOfItsStart) {
  facts_.now = absl::FromUnixSeconds(1000);
  facts_.now_ns = 100'000'000'000;
  const TransitionRecord record =
      Adopt({40'000'000'000, 0, "fix", false, 1}, facts_);
  EXPECT_EQ(record.begun, absl::FromUnixSeconds(940));
  EXPECT_TRUE(record.patching);
  EXPECT_EQ(record.initiator.by, "outside");
}

TEST_F(ReconcileTest, TheEngineSaysHowOftenItWasTurnedAndWhatItSent) {
  record_.started_ns = 60;
  RecentTransition& found = Engine(60, 0);
  found.tasks = 12;
  found.reversals = 2;
  found.signals = 5;
  found.forced = 1;
  record_.pending = 7;
  const TransitionRecord reconciled = Reconciled(kLives);
  EXPECT_EQ(reconciled.tasks, 12u);
  EXPECT_EQ(reconciled.reversals, 2u);
  EXPECT_EQ(reconciled.signals, 5u);
  EXPECT_EQ(reconciled.forced, 1u);
  EXPECT_EQ(reconciled.pending, 7u)
      << "it runs: that is not the engine's to say";
  EXPECT_EQ(reconciled.ended_ns, std::nullopt);
}

TEST_F(ReconcileTest, AStartIsOfThePatchThatHadIt) {
  record_.started_ns = 60;
  Engine(60, 90).patch = "other";
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kUnknown);
}

// Asked for again at once: the engine's first transition was another's.
TEST_F(ReconcileTest, AnAnnouncementTakesTheFirstThatIsNotClaimed) {
  Engine(60, 70);
  Engine(80, 0);
  claimed_ = {60};
  EXPECT_EQ(Reconciled(kLives).started_ns, 80);
}

TEST_F(ReconcileTest, AnAnnouncementThatWasTurnedRoundMeantTheOtherSide) {
  RecentTransition& found = Engine(60, 90);
  found.patched = false;
  found.reversals = 1;
  EXPECT_EQ(Reconciled(kGone).outcome, Outcome::kReversed);
}

TEST_F(ReconcileTest, WithoutTheEngineAnAnnouncementWaitsForItsCaller) {
  facts_.recent.reset();
  EXPECT_EQ(Reconciled(kLives).outcome, Outcome::kStarting);
  EXPECT_EQ(klpx::Reconcile(record_, facts_, claimed_, kGone), std::nullopt);
}

TEST_F(ReconcileTest, WhatWasInterruptedHasNothingPending) {
  record_.boot_id = "before";
  record_.started_ns = 60;
  record_.pending = 3;
  Engine(60, 0);  // of this boot, by chance
  EXPECT_EQ(Reconciled(kGone).outcome, Outcome::kInterrupted);
  EXPECT_EQ(Reconciled(kGone).pending, 0u);
  EXPECT_EQ(Reconciled(kGone).ended_ns, std::nullopt);
}

TEST_F(ReconcileTest, AdoptsWithBootKernelAndDirection) {
  facts_.kernel = "6.12.0-test";
  const TransitionRecord record = Adopt({40, 50, "fix", false, 0}, facts_);
  EXPECT_EQ(record.boot_id, "now");
  EXPECT_EQ(record.kernel, "6.12.0-test");
  EXPECT_EQ(record.patch, "fix");
  EXPECT_FALSE(record.patching);
  EXPECT_EQ(record.started_ns, 40);
  EXPECT_EQ(record.begun_ns, 40);
  EXPECT_EQ(record.ended_ns, 50);
  EXPECT_EQ(record.outcome, Outcome::kCompleted);
}

}  // namespace
}  // namespace klpx
