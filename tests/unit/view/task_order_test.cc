// SPDX-License-Identifier: GPL-2.0
#include "controller/view/task_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<uint32_t> Sorted(const std::vector<Blocker>& blockers, Order order,
                             bool inverted = false) {
  std::vector<const Blocker*> tasks;
  for (const Blocker& blocker : blockers) tasks.push_back(&blocker);
  SortTasks(tasks, order, inverted);
  std::vector<uint32_t> tids;
  for (const Blocker* task : tasks) tids.push_back(task->info.key.tid);
  return tids;
}

Blocker Since(uint32_t tid, int64_t since_s) {
  return MakeTask(tid, "a", "f", KLPX_ON_FUNCTION, since_s);
}

TEST(SortTasksTest, NothingIsSorted) {
  EXPECT_THAT(Sorted({}, Order::kAge), IsEmpty());
}

TEST(SortTasksTest, AmongEqualsTheLongestWaitingIsFirstEitherWay) {
  const std::vector<Blocker> blockers = {Since(1, 5), Since(2, 1), Since(3, 3)};
  EXPECT_THAT(Sorted(blockers, Order::kComm), ElementsAre(2, 3, 1));
  EXPECT_THAT(Sorted(blockers, Order::kComm, /*inverted=*/true),
              ElementsAre(2, 3, 1));
}

TEST(SortTasksTest, NumbersThatTellOfTroubleGoFromTheLargest) {
  std::vector<Blocker> blockers = {Since(1, 1), Since(2, 1), Since(3, 1)};
  blockers[0].info.signals = 2;
  blockers[1].info.signals = UINT32_MAX;
  EXPECT_THAT(Sorted(blockers, Order::kSignals), ElementsAre(2, 1, 3));
  EXPECT_THAT(Sorted(blockers, Order::kSignals, true), ElementsAre(3, 1, 2));
}

TEST(SortTasksTest, OneThatNeverBlockedIsTheYoungest) {
  std::vector<Blocker> blockers = {Since(1, 1), Since(2, 1), Since(3, 9)};
  blockers[0].info.since_ns = 0;
  EXPECT_THAT(Sorted(blockers, Order::kAge), ElementsAre(2, 3, 1));
}

// A sort that is not strict is undefined behaviour.
TEST(SortTasksTest, ManyEqualTasksAreKeptWhateverTheOrder) {
  const std::vector<Blocker> blockers(1000, MakeTask(7, "a"));
  for (int i = 0; i <= static_cast<int>(Order::kCgroup); i++) {
    for (const bool inverted : {false, true}) {
      EXPECT_EQ(Sorted(blockers, static_cast<Order>(i), inverted).size(),
                1000u);
    }
  }
}

TEST(SortTasksTest, IdleTasksGoByTheirCpu) {
  std::vector<Blocker> blockers(3, MakeTask(0, "swapper", "", KLPX_IDLE));
  blockers[0].info.key.idle_cpu = 2;
  blockers[1].info.key.idle_cpu = 0;
  blockers[2].info.key.idle_cpu = 1;
  std::vector<const Blocker*> tasks = {&blockers[0], &blockers[1],
                                       &blockers[2]};
  SortTasks(tasks, Order::kAge, /*inverted=*/false);
  EXPECT_THAT(tasks, ElementsAre(&blockers[1], &blockers[2], &blockers[0]));
}

TEST(GroupTest, EachGroupingHasAPartOfTheTask) {
  const Blocker blocker = MakeTask(42, "cat", "do_open", KLPX_RUNNING);
  EXPECT_EQ(GroupOf(blocker, Grouping::kNone), "");
  EXPECT_EQ(GroupOf(blocker, Grouping::kFunction), "do_open");
  EXPECT_EQ(GroupOf(blocker, Grouping::kReason), "running");
  EXPECT_EQ(GroupOf(blocker, Grouping::kProcess), "42");
  EXPECT_EQ(GroupOf(blocker, Grouping::kCgroup), "/system.slice/a.service");
}

TEST(GroupTest, EveryGroupHasATitle) {
  Blocker blocker = MakeTask(0, "swapper", "", KLPX_IDLE);
  blocker.cgroup = "";
  for (const Grouping grouping : {Grouping::kFunction, Grouping::kReason,
                                  Grouping::kProcess, Grouping::kCgroup}) {
    EXPECT_THAT(GroupTitle(blocker, grouping), Not(IsEmpty()));
  }
}

TEST(GroupTest, AProcessIsNamedByNumberAndName) {
  const std::string title = GroupTitle(MakeTask(42, "cat"), Grouping::kProcess);
  EXPECT_NE(title.find("42"), std::string::npos);
  EXPECT_NE(title.find("cat"), std::string::npos);
}

TEST(MatchesTest, NoFilterLetsAllThrough) {
  EXPECT_TRUE(Matches(MakeTask(1, "cat"), ""));
  EXPECT_TRUE(Matches(MakeTask(1, "cat"), "  "));
}

TEST(MatchesTest, EveryColumnIsLookedAt) {
  Blocker blocker = MakeTask(4711, "CAT", "Do_Open", KLPX_UNINTERRUPTIBLE);
  blocker.info.pid = 815;
  blocker.cmdline = "/bin/Cat --now";
  for (const char* word : {"4711", "815", "cat", "do_open", "uninterruptible",
                           "a.service", "--now"}) {
    EXPECT_TRUE(Matches(blocker, word)) << word;
  }
  EXPECT_FALSE(Matches(blocker, "dog"));
}

TEST(MatchesTest, AllWordsHaveToBeThere) {
  const Blocker blocker = MakeTask(1, "cat", "do_open");
  EXPECT_TRUE(Matches(blocker, "open  cat"));
  EXPECT_FALSE(Matches(blocker, "open dog"));
}

}  // namespace
}  // namespace klpx
