// SPDX-License-Identifier: GPL-2.0
// Threads of one process that were held up by the same thing.
#include "controller/core/history/blocker_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

BlockerRecord Task(uint32_t tid, uint32_t pid, const std::string& function) {
  BlockerRecord task;
  task.key.tid = tid;
  task.pid = pid;
  task.comm = "worker";
  task.reason = "on-function";
  task.function = function;
  return task;
}

std::vector<uint32_t> Tids(const BlockerGroup& group) {
  std::vector<uint32_t> tids;
  for (const BlockerRecord* task : group.tasks) tids.push_back(task->key.tid);
  return tids;
}

TEST(BlockerGroupsTest, NothingIsNoGroup) {
  EXPECT_THAT(GroupBlockers({}), IsEmpty());
}

TEST(BlockerGroupsTest, ThreadsInOneFunctionAreOneInTheOrderOfTheFirst) {
  const std::vector<BlockerRecord> blocked = {
      Task(7, 7, "do_read"), Task(2, 1, "do_open"), Task(8, 7, "do_read"),
      Task(1, 1, "do_open")};
  const auto groups = GroupBlockers(blocked);
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_THAT(Tids(groups[0]), ElementsAre(7, 8));
  EXPECT_THAT(Tids(groups[1]), ElementsAre(2, 1));
}

TEST(BlockerGroupsTest, AnotherFunctionReasonOrProcessIsAnother) {
  std::vector<BlockerRecord> blocked(4, Task(1, 1, "do_open"));
  blocked[1].function = "do_read";
  blocked[2].reason = "running";
  blocked[3].pid = 2;
  EXPECT_THAT(GroupBlockers(blocked), SizeIs(4));
}

TEST(BlockerGroupsTest, IdleTasksStayAlone) {
  const std::vector<BlockerRecord> blocked(3, Task(0, 0, ""));
  const auto groups = GroupBlockers(blocked);
  ASSERT_THAT(groups, SizeIs(3));
  EXPECT_TRUE(groups[2].alone());
  EXPECT_EQ(&groups[2].first(), &blocked[2]);
}

TEST(BlockerGroupsTest, BlocksSinceTheEarliestThatWasSeen) {
  std::vector<BlockerRecord> blocked(4, Task(1, 1, "do_open"));
  blocked[1].since_ns = 50;
  blocked[2].since_ns = 40;
  blocked[2].seen_ns = 90;
  blocked[3].since_ns = UINT64_MAX;
  blocked[3].seen_ns = 60;
  const auto groups = GroupBlockers(blocked);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].SinceNs(), 40u);
  EXPECT_EQ(groups[0].SeenNs(), 90u);
}

TEST(BlockerGroupsTest, NotSeenToBlockIsNoTime) {
  const std::vector<BlockerRecord> blocked(2, Task(1, 1, "do_open"));
  EXPECT_EQ(GroupBlockers(blocked)[0].SinceNs(), 0u);
  EXPECT_EQ(GroupBlockers(blocked)[0].SeenNs(), 0u);
}

TEST(BlockerGroupsTest, OneIsNamedByItsTaskAndManyByTheirProcess) {
  const std::vector<BlockerRecord> blocked = {
      Task(12, 10, "do_open"), Task(13, 10, "do_open"), Task(14, 10, "other")};
  const auto groups = GroupBlockers(blocked);
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(GroupName(groups[0]), "2 threads of worker/10");
  EXPECT_EQ(GroupName(groups[1]), "worker/14");
}

TEST(BlockerGroupsTest, NamesCannotDriveTheTerminal) {
  std::vector<BlockerRecord> blocked = {Task(1, 1, "do_open")};
  blocked[0].comm = "a\033[2J\n";
  const auto groups = GroupBlockers(blocked);
  EXPECT_EQ(GroupName(groups[0]).find_first_of("\033\n"), std::string::npos);
  EXPECT_EQ(TaskNames(groups[0].tasks, 1).find_first_of("\033\n"),
            std::string::npos);
}

TEST(TaskNamesTest, CountsThoseThatItDoesNotName) {
  const BlockerRecord a = Task(1, 1, "");
  const BlockerRecord b = Task(2, 1, "");
  const BlockerRecord c = Task(3, 1, "");
  EXPECT_EQ(TaskNames({}, 2), "");
  EXPECT_EQ(TaskNames({&a, &b}, 2), "worker/1, worker/2");
  EXPECT_EQ(TaskNames({&a, &b, &c}, 2), "worker/1, worker/2 and 1 more");
}

}  // namespace
}  // namespace klpx
