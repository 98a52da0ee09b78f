// SPDX-License-Identifier: GPL-2.0
// A history returns what was put into it, once, and prunes the oldest first.
#include "controller/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/history_files.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class StoreTest : public testing::Test, protected HistoryFiles {
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

TEST_F(StoreTest, KeepsEverythingOfATransition) {
  auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  TransitionRecord record = Record();
  record.replaces = {"a", "b"};
  record.initiator.login_uid = 1000;
  const int64_t id = store->Begin(record).value();
  EXPECT_TRUE(store->SawBlockers(id, {Task(1)}, 7, 2).ok());
  EXPECT_TRUE(store->AddEvent(id, {9, "signal", "to task 1", "root"}).ok());
  EXPECT_TRUE(store->AddFindings(id, {{"c", "note", "fix", "t"}}).ok());
  EXPECT_TRUE(store->AddForces(id, {{Task(1), true, 11}}).ok());
  const TransitionRecord found = Open()->Find(id).value();
  EXPECT_EQ(found.patch, "fix");
  EXPECT_EQ(found.begun, record.begun);
  EXPECT_EQ(found.outcome, Outcome::kStarting);
  EXPECT_THAT(found.replaces, ElementsAre("a", "b"));
  EXPECT_EQ(found.initiator.login_uid, 1000u);
  EXPECT_EQ(found.initiator.tty, "pts/0");
  EXPECT_EQ(found.pending, 7u);
  EXPECT_EQ(found.blockers, 2u);
  ASSERT_THAT(found.blocked, SizeIs(1));
  EXPECT_EQ(found.blocked[0].function, "do_open");
  EXPECT_THAT(found.blocked[0].stack,
              ElementsAre("do_open+0x10", "vfs_open+0x2d"));
  ASSERT_THAT(found.events, SizeIs(1));
  EXPECT_EQ(found.events[0].text, "to task 1");
  ASSERT_THAT(found.findings, SizeIs(1));
  EXPECT_EQ(found.findings[0].severity, "note");
  ASSERT_THAT(found.forces, SizeIs(1));
  EXPECT_EQ(found.forces[0].time_ns, 11);
}

TEST_F(StoreTest, ABlockerIsUpdatedAndKeepsItsStack) {
  auto store = Open();
  const int64_t id = store->Begin(Record()).value();
  ASSERT_TRUE(store->SawBlockers(id, {Task(1)}, 1, 1).ok());
  BlockerRecord later = Task(1);
  later.seen_ns = 9000;
  later.reason = "running";
  later.stack = {"elsewhere"};
  ASSERT_TRUE(store->SawBlockers(id, {later, Task(2)}, 0, 2).ok());
  const TransitionRecord found = store->Find(id).value();
  ASSERT_THAT(found.blocked, SizeIs(2));
  EXPECT_EQ(found.blocked[0].seen_ns, 9000u);
  EXPECT_EQ(found.blocked[0].reason, "running");
  EXPECT_EQ(found.blocked[0].stack.front(), "do_open+0x10");
}

TEST_F(StoreTest, OverlappingWatchesAreOne) {
  auto store = Open();
  const int64_t id = store->Begin(Record()).value();
  constexpr int64_t kSecond = 1'000'000'000;
  for (const WatchSpan& span :
       {WatchSpan{kSecond, 2 * kSecond}, WatchSpan{kSecond, 6 * kSecond},
        WatchSpan{5 * kSecond, 7 * kSecond},
        WatchSpan{30 * kSecond, 31 * kSecond}}) {
    ASSERT_TRUE(store->SawBlockers(id, {}, 1, 0, span).ok());
  }
  const TransitionRecord found = store->Find(id).value();
  ASSERT_THAT(found.watched, SizeIs(2));
  EXPECT_EQ(found.watched[0].from_ns, kSecond);
  EXPECT_EQ(found.watched[0].until_ns, 7 * kSecond);
  EXPECT_TRUE(WasWatched(found, 4 * kSecond));
  EXPECT_FALSE(WasWatched(found, 20 * kSecond));
}

TEST_F(StoreTest, KeepsTheTimeOfTheFirstSignal) {
  auto store = Open();
  const int64_t id = store->Begin(Record()).value();
  BlockerRecord task = Task(1);
  for (const uint64_t signalled_ns : {0, 500, 900, 0}) {
    task.signalled_ns = signalled_ns;
    ASSERT_TRUE(store->SawBlockers(id, {task}, 1, 1).ok());
  }
  EXPECT_EQ(store->Find(id)->blocked[0].signalled_ns, 500u);
}

TEST_F(StoreTest, ForcesAreAnnouncedThenDoneOrRemoved) {
  auto store = Open();
  const int64_t id = store->Begin(Record()).value();
  ASSERT_TRUE(store->AddForces(id, {{Task(1), false, 5}}).ok());
  EXPECT_FALSE(store->Find(id)->forces[0].done);
  ASSERT_TRUE(store->AddForces(id, {{Task(1), true, 5}}).ok());
  EXPECT_TRUE(store->Find(id)->forces[0].done);
  ASSERT_TRUE(store->AddForces(id, {{Task(2), false, 6}}).ok());
  ASSERT_TRUE(store->RemoveForces(id, 6).ok());
  ASSERT_TRUE(store->RemoveForces(id, 5).ok());
  EXPECT_THAT(store->Find(id)->forces, SizeIs(1));
}

TEST_F(StoreTest, SettlingTwiceMakesTheSameHistory) {
  auto store = Open();
  const int64_t id = store->Begin(Record()).value();
  const EngineFacts facts =
      Facts({{1500, 1600, "fix", true, 0, 12}, {1700, 0, "other", true, 0, 9}});
  for (int i = 0; i < 2; i++) {
    ASSERT_TRUE(store->Settle(facts, NobodyLives).ok());
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

TEST_F(StoreTest, TwoAnnouncementsOfOneTransitionLeaveOne) {
  auto store = Open();
  ASSERT_TRUE(store->Begin(Record()).ok());
  const int64_t slower = store->Begin(Record()).value();
  ASSERT_TRUE(store
                  ->Settle(Facts({{1500, 0, "fix", true, 0, 12}}),
                           [](uint32_t, uint64_t) { return true; })
                  .ok());
  EXPECT_THAT(All(*store), SizeIs(2));
  ASSERT_TRUE(store->Abandon(slower).ok());
  EXPECT_THAT(All(*store), SizeIs(1));
}

TEST_F(StoreTest, AbandonKeepsWhatHasStarted) {
  auto store = Open();
  const int64_t id = store->Begin(Ended(1)).value();
  ASSERT_TRUE(store->Abandon(id).ok());
  EXPECT_THAT(All(*store), SizeIs(1));
}

TEST_F(StoreTest, Filters) {
  auto store = Open();
  TransitionRecord forced = Ended(1, 2);
  TransitionRecord other = Ended(2);
  other.patch = "other";
  other.begun = absl::FromUnixSeconds(1800000000);
  other.outcome = Outcome::kReversed;
  ASSERT_TRUE(store->Begin(forced).ok());
  ASSERT_TRUE(store->Begin(other).ok());
  HistoryFilter filter;
  filter.patch = "other";
  EXPECT_THAT(*store->Query(filter), SizeIs(1));
  filter = {};
  filter.since = absl::FromUnixSeconds(1750000000);
  EXPECT_EQ(store->Query(filter)->at(0).patch, "other");
  filter = {};
  filter.until = absl::FromUnixSeconds(1750000000);
  EXPECT_EQ(store->Query(filter)->at(0).patch, "fix");
  filter = {};
  filter.outcome = Outcome::kReversed;
  EXPECT_EQ(store->Query(filter)->at(0).patch, "other");
  filter = {};
  filter.forced = true;
  EXPECT_EQ(store->Query(filter)->at(0).patch, "fix");
  filter = {};
  filter.limit = 1;
  EXPECT_EQ(store->Query(filter)->at(0).patch, "other");
  filter = {};
  filter.boot_id = "before";
  EXPECT_THAT(*store->Query(filter), IsEmpty());
}

TEST_F(StoreTest, PrunesTheOldestButNotForcedOnesOfThisBoot) {
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
  // One with forced tasks of an earlier boot is pruned last among the others.
  EXPECT_EQ(all[1].boot_id, "before");
}

TEST_F(StoreTest, StaysWithinItsSizeLimit) {
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

TEST_F(StoreTest, LimitsWhatItKeepsOfATransition) {
  HistoryLimits limits;
  limits.blockers = 2;
  limits.events = 3;
  limits.stack_frames = 1;
  limits.text_bytes = 4;
  auto store = Open(limits);
  const int64_t id = store->Begin(Record()).value();
  for (uint32_t tid = 1; tid < 6; tid++) {
    ASSERT_TRUE(store->SawBlockers(id, {Task(tid)}, 1, tid).ok());
    ASSERT_TRUE(store->AddEvent(id, {tid, "kind", "a long text", "r"}).ok());
  }
  const TransitionRecord found = store->Find(id).value();
  EXPECT_THAT(found.blocked, SizeIs(2));
  EXPECT_EQ(found.blockers, 5u);
  EXPECT_THAT(found.events, SizeIs(3));
  EXPECT_EQ(found.events[0].text, "a lo");
  EXPECT_THAT(found.blocked[0].stack, ElementsAre("do_o"));
}

TEST_F(StoreTest, IsReadableByItsOwnerAndGroupOnly) {
  ASSERT_TRUE(Open().ok());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path_).permissions() & perms::others_all,
            perms::none);
}

TEST_F(StoreTest, ReportsAMissingTransition) {
  EXPECT_TRUE(absl::IsNotFound(Open()->Find(1).status()));
  EXPECT_TRUE(absl::IsNotFound(
      HistoryStore::Open(dir_ + "/none", Access::kReadOnly).status()));
}

// The process that reversed or forced was killed before it recorded that.
TEST_F(StoreTest, AddsEventsThatTheEngineCounted) {
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
  ASSERT_TRUE(store->Settle(facts, NobodyLives).ok());
  const auto records = store->Query({});
  ASSERT_TRUE(records.ok() && records->size() == 1);
  const int64_t id = records->front().id;
  // Within the grace period the process may still record it.
  const auto before = store->Find(id);
  ASSERT_TRUE(before.ok());
  EXPECT_THAT(before->events, IsEmpty());
  ASSERT_TRUE(store->AddEvent(id, {2000, "reverse", "", "root"}).ok());
  facts.now_ns += 10'000'000'000;
  for (int i = 0; i < 4; i++) {
    ASSERT_TRUE(store->Settle(facts, NobodyLives).ok());
  }
  std::vector<std::string> kinds;
  const auto after = store->Find(id);
  ASSERT_TRUE(after.ok());
  for (const HistoryEvent& event : after->events) {
    kinds.push_back(event.kind);
  }
  EXPECT_THAT(kinds, ElementsAre("reverse", "reverse", "force"));
}

}  // namespace
}  // namespace klpx
