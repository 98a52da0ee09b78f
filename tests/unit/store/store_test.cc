// SPDX-License-Identifier: GPL-2.0
// What is put into a history comes out of it, once.
#include "controller/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/history_files.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class StoreTest : public testing::Test, protected HistoryFiles {
 protected:
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

TEST_F(StoreTest, AbandonKeepsWhatHasStarted) {
  auto store = Open();
  const int64_t id = store->Begin(Ended(1)).value();
  ASSERT_TRUE(store->Abandon(id).ok());
  EXPECT_THAT(All(*store), SizeIs(1));
}

TEST_F(StoreTest, KeepsSoMuchOfOneTransitionAndNoMore) {
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

}  // namespace
}  // namespace klpx
