// SPDX-License-Identifier: GPL-2.0
// A history is kept true, whatever was killed when, and small.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "controller/store/store.h"
#include "tests/unit/store/history_files.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReconcileTest : public testing::Test, protected HistoryFiles {
 protected:
  EngineFacts Facts(std::vector<RecentTransition> recent) {
    EngineFacts facts;
    facts.boot_id = "now";
    facts.now_ns = 5000;
    facts.recent = std::move(recent);
    return facts;
  }

  std::vector<TransitionRecord> All(HistoryStore& store) {
    return store.Query({}).value();
  }
};

TEST_F(ReconcileTest, SettlingTwiceMakesTheSameHistory) {
  auto store = Open();
  const int64_t id = store->Begin(Record()).value();
  const EngineFacts facts =
      Facts({{1500, 1600, "fix", true, 0, 12}, {1700, 0, "other", true, 0, 9}});
  for (int i = 0; i < 2; i++) {
    ASSERT_TRUE(store->Reconcile(facts, NobodyLives).ok());
    const auto all = All(*store);
    ASSERT_THAT(all, SizeIs(2));
    EXPECT_EQ(all[1].id, id);
    EXPECT_EQ(all[1].outcome, Outcome::kCompleted);
    EXPECT_EQ(all[1].initiator.user, "root");
    EXPECT_EQ(all[0].patch, "other");
    EXPECT_EQ(all[0].initiator.by, "outside");
  }
  EXPECT_EQ(store->Newest("now", "fix").value(), id);
  EXPECT_EQ(store->Newest("before", "fix").value(), 0);
}

TEST_F(ReconcileTest, TwoAnnouncementsOfOneTransitionLeaveOne) {
  auto store = Open();
  ASSERT_TRUE(store->Begin(Record()).ok());
  const int64_t slower = store->Begin(Record()).value();
  ASSERT_TRUE(store
                  ->Reconcile(Facts({{1500, 0, "fix", true, 0, 12}}),
                              [](uint32_t, uint64_t) { return true; })
                  .ok());
  EXPECT_THAT(All(*store), SizeIs(2));
  ASSERT_TRUE(store->Abandon(slower).ok());
  EXPECT_THAT(All(*store), SizeIs(1));
}

TEST_F(ReconcileTest, PrunesTheOldestButNotThisBootsForcedOnes) {
  HistoryLimits limits;
  limits.transitions = 3;
  auto store = Open(limits);
  TransitionRecord earlier = Ended(1, 1);
  earlier.boot_id = "before";
  ASSERT_TRUE(store->Begin(Ended(1, 1)).ok());
  ASSERT_TRUE(store->Begin(earlier).ok());
  for (int i = 2; i < 10; i++) ASSERT_TRUE(store->Begin(Ended(i)).ok());
  auto all = All(*store);
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[2].forced, 1u);
  EXPECT_EQ(all[2].boot_id, "now");
  // Forced in an earlier boot: the last of the others to go.
  EXPECT_EQ(all[1].boot_id, "before");
}

TEST_F(ReconcileTest, StaysWithinItsBytes) {
  HistoryLimits limits;
  limits.bytes = 200000;
  auto store = Open(limits);
  BlockerRecord task = Task(1);
  task.stack = std::vector<std::string>(64, std::string(200, 'x'));
  for (int i = 1; i < 100; i++) {
    const auto id = store->Begin(Ended(i));
    ASSERT_TRUE(id.ok()) << id.status();
    ASSERT_TRUE(store->SawBlockers(*id, {task}, 1, 1).ok());
  }
  EXPECT_LE(std::filesystem::file_size(path_), 350000u);
  EXPECT_GT(All(*store).size(), 3u);
  EXPECT_EQ(All(*store)[0].started_ns, 99);
}

// What reversed or forced was killed before it wrote that down.
TEST_F(ReconcileTest, WhatTheEngineCountedIsAnEventInTheEnd) {
  auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  EngineFacts facts;
  facts.boot_id = "boot";
  RecentTransition transition;
  transition.started_ns = 1000;
  transition.ended_ns = 5000;
  transition.patch = "fix";
  transition.reversals = 2;
  transition.forced = 3;
  facts.recent = {transition};
  facts.now_ns = 6000;
  ASSERT_TRUE(store->Reconcile(facts, NobodyLives).ok());
  const auto records = store->Query({});
  ASSERT_TRUE(records.ok() && records->size() == 1);
  const int64_t id = records->front().id;
  // It may still be about to.
  const auto before = store->Find(id);
  ASSERT_TRUE(before.ok());
  EXPECT_THAT(before->events, IsEmpty());
  ASSERT_TRUE(store->AddEvent(id, {2000, "reverse", "", "root"}).ok());
  facts.now_ns += 10'000'000'000;
  for (int i = 0; i < 4; i++) {
    ASSERT_TRUE(store->Reconcile(facts, NobodyLives).ok());
  }
  std::vector<std::string> kinds;
  const auto after = store->Find(id);
  ASSERT_TRUE(after.ok());
  for (const HistoryEvent& event : after->events) {
    kinds.push_back(event.kind);
  }
  EXPECT_THAT(kinds, ElementsAre("reverse", "reverse", "force"));
}

TEST_F(ReconcileTest, WithoutAFactNothingIsMade) {
  auto store = Open();
  ASSERT_TRUE(store->Reconcile(Facts({}), NobodyLives).ok());
  EngineFacts unloaded = Facts({});
  unloaded.recent.reset();
  ASSERT_TRUE(store->Reconcile(unloaded, NobodyLives).ok());
  EXPECT_THAT(All(*store), IsEmpty());
}

TEST_F(ReconcileTest, WhatAnotherBootLeftOpenWasInterrupted) {
  auto store = Open();
  TransitionRecord record = Record("fix", "before");
  record.started_ns = 1500;
  record.outcome = Outcome::kRunning;
  record.pending = 4;
  ASSERT_TRUE(store->Begin(record).ok());
  ASSERT_TRUE(store->Reconcile(Facts({}), NobodyLives).ok());
  ASSERT_THAT(All(*store), SizeIs(1));
  EXPECT_EQ(All(*store)[0].outcome, Outcome::kInterrupted);
  EXPECT_EQ(All(*store)[0].pending, 0u);
}

TEST_F(ReconcileTest, AnAnnouncementIsKeptAsLongAsItsCallerLives) {
  auto store = Open();
  ASSERT_TRUE(store->Begin(Record()).ok());
  std::vector<std::pair<uint32_t, uint64_t>> asked;
  ASSERT_TRUE(store
                  ->Reconcile(Facts({}),
                              [&](uint32_t pid, uint64_t start) {
                                asked.emplace_back(pid, start);
                                return true;
                              })
                  .ok());
  EXPECT_THAT(asked, ElementsAre(std::pair(1u, uint64_t{2})));
  EXPECT_THAT(All(*store), SizeIs(1));
  ASSERT_TRUE(store->Reconcile(Facts({}), NobodyLives).ok());
  EXPECT_THAT(All(*store), IsEmpty());
}

TEST_F(ReconcileTest, ATransitionOfTheKernelsEngineIsAdoptedOnce) {
  auto store = Open();
  EngineFacts facts = Facts({});
  facts.livepatches = {{"theirs", /*enabled=*/true, /*transition=*/true},
                       {"settled", /*enabled=*/true, /*transition=*/false}};
  for (int i = 0; i < 2; i++) {
    ASSERT_TRUE(store->Reconcile(facts, NobodyLives).ok());
    ASSERT_THAT(All(*store), SizeIs(1));
    EXPECT_EQ(All(*store)[0].patch, "theirs");
    EXPECT_EQ(All(*store)[0].engine, "kernel");
    EXPECT_EQ(All(*store)[0].outcome, Outcome::kRunning);
  }
}

TEST_F(ReconcileTest, WhatTheKernelsEngineOnlyPreparesIsNotAdopted) {
  auto store = Open();
  EngineFacts facts = Facts({});
  facts.livepatches = {{"theirs", true, true}};
  facts.is_under_way = [](const LivepatchFact&) { return false; };
  ASSERT_TRUE(store->Reconcile(facts, NobodyLives).ok());
  EXPECT_THAT(All(*store), IsEmpty());
}

TEST_F(ReconcileTest, AnEndThatWasSeenIsWrittenDown) {
  auto store = Open();
  TransitionRecord record = Record();
  record.engine = "kernel";
  record.outcome = Outcome::kRunning;
  const int64_t id = store->Begin(record).value();
  RecentTransition seen;
  seen.started_ns = 1500;
  seen.ended_ns = 9000;
  seen.patch = "fix";
  ASSERT_TRUE(store->SawEnd(id, seen).ok());
  const TransitionRecord found = store->Find(id).value();
  EXPECT_EQ(found.outcome, Outcome::kCompleted);
  EXPECT_EQ(found.ended_ns, 9000);
}

TEST_F(ReconcileTest, TheEndOfWhatWasPrunedIsNoError) {
  auto store = Open();
  EXPECT_TRUE(store->SawEnd(4711, {}).ok());
  EXPECT_THAT(All(*store), IsEmpty());
}

TEST_F(ReconcileTest, WhatIsOpenIsNeverPruned) {
  HistoryLimits limits;
  limits.transitions = 2;
  auto store = Open(limits);
  for (const char* patch : {"a", "b", "c", "d"}) {
    ASSERT_TRUE(store->Begin(Record(patch)).ok());
  }
  EXPECT_THAT(All(*store), SizeIs(4));
  ASSERT_TRUE(store->Begin(Ended(1)).ok());
  ASSERT_TRUE(store->Begin(Record("e")).ok());
  EXPECT_THAT(All(*store), SizeIs(5)) << "the one that had ended went";
}

}  // namespace
}  // namespace klpx
