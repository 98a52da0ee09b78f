// SPDX-License-Identifier: GPL-2.0
#include "controller/view/task_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::shared_ptr<const Sample> Of(std::vector<Blocker> tasks) {
  return std::make_shared<const Sample>(MakeSample(std::move(tasks)));
}

// The tids of tasks and the titles of groups.
std::vector<std::string> Lines(const TaskList& list) {
  std::vector<std::string> lines;
  for (const TaskLine& line : list.lines()) {
    lines.push_back(line.task == nullptr
                        ? line.title
                        : absl::StrCat(line.task->info.key.tid));
  }
  return lines;
}

uint32_t Selected(const TaskList& list) {
  return list.SelectedTask() == nullptr ? 0 : list.SelectedTask()->info.key.tid;
}

void SortBy(TaskList& list, Order order) {
  while (list.order() != order) list.NextOrder();
}

void GroupBy(TaskList& list, Grouping grouping) {
  while (list.grouping() != grouping) list.NextGrouping();
}

TEST(TaskListTest, IsEmptyBeforeTheFirstSample) {
  TaskList list;
  list.Move(1);
  list.ToggleFold();
  list.ToggleAll();
  list.MoveToEnd();
  list.NextOrder();
  EXPECT_THAT(list.lines(), IsEmpty());
  EXPECT_EQ(list.SelectedTask(), nullptr);
  EXPECT_EQ(list.Scroll(10), 0u);
}

TEST(TaskListTest, ShowsTheLongestWaitingFirst) {
  TaskList list;
  Blocker unseen = MakeTask(4, "d");
  unseen.info.since_ns = 0;
  list.Take(Of({MakeTask(1, "a", "f", KLPX_ON_FUNCTION, 5), unseen,
                MakeTask(2, "b", "f", KLPX_ON_FUNCTION, 1)}));
  EXPECT_THAT(Lines(list), ElementsAre("2", "1", "4"));
  list.Invert();
  EXPECT_THAT(Lines(list), ElementsAre("4", "1", "2"));
}

TEST(TaskListTest, SortsByEveryColumn) {
  TaskList list;
  Blocker one = MakeTask(1, "b", "h", KLPX_RUNNING, 1);
  Blocker two = MakeTask(2, "a", "g", KLPX_UNINTERRUPTIBLE, 2);
  one.info.pid = 9;
  two.info.pid = 3;
  one.info.cpu = 1;
  two.info.signals = 5;
  one.info.task_state = 2;  // D, before S
  one.cgroup = "/b";
  two.cgroup = "/a";
  list.Take(Of({one, two}));
  const std::pair<Order, const char*> wanted[] = {
      {Order::kAge, "1"},      {Order::kTid, "1"},     {Order::kPid, "2"},
      {Order::kComm, "2"},     {Order::kState, "1"},   {Order::kReason, "1"},
      {Order::kFunction, "2"}, {Order::kSignals, "2"}, {Order::kCpu, "2"},
      {Order::kCgroup, "2"}};
  for (const auto& [order, first] : wanted) {
    SortBy(list, order);
    EXPECT_EQ(Lines(list).front(), first) << OrderWord(order);
    list.Invert();
    EXPECT_EQ(Lines(list).back(), first) << OrderWord(order);
  }
}

TEST(TaskListTest, SelectionFollowsItsTask) {
  TaskList list;
  list.Take(Of({MakeTask(1, "a"), MakeTask(2, "b"), MakeTask(3, "c")}));
  list.Move(1);
  EXPECT_EQ(Selected(list), 2u);
  // Two tasks that have blocked longer appear in front, one disappears.
  list.Take(Of({MakeTask(8, "x", "f", KLPX_ON_FUNCTION, 0),
                MakeTask(9, "y", "f", KLPX_ON_FUNCTION, 0), MakeTask(2, "b"),
                MakeTask(3, "c")}));
  EXPECT_EQ(Selected(list), 2u);
  EXPECT_EQ(list.selected(), 2u);
  list.Invert();
  EXPECT_EQ(Selected(list), 2u);
}

TEST(TaskListTest, SelectionStaysOnTheLineWhenItsTaskGoes) {
  TaskList list;
  list.Take(Of({MakeTask(1, "a"), MakeTask(2, "b"), MakeTask(3, "c")}));
  list.Move(1);
  list.Take(Of({MakeTask(1, "a"), MakeTask(3, "c")}));
  EXPECT_EQ(Selected(list), 3u);
  list.Take(Of({MakeTask(1, "a")}));
  EXPECT_EQ(Selected(list), 1u);
  list.Take(Of({}));
  EXPECT_EQ(list.SelectedTask(), nullptr);
  list.Take(Of({MakeTask(7, "z")}));
  EXPECT_EQ(Selected(list), 7u);
}

TEST(TaskListTest, AReusedTidIsAnotherTask) {
  TaskList list;
  list.Take(Of({MakeTask(1, "a"), MakeTask(2, "b")}));
  list.Move(1);
  Blocker reused = MakeTask(2, "new");
  reused.info.key.start_ns++;
  reused.info.since_ns -= 1;
  list.Take(Of({reused, MakeTask(1, "a")}));
  EXPECT_EQ(Selected(list), 1u);
}

TEST(TaskListTest, MovesNoFurtherThanTheEnds) {
  TaskList list;
  list.Take(Of({MakeTask(1, "a"), MakeTask(2, "b")}));
  list.Move(-5);
  EXPECT_EQ(Selected(list), 1u);
  list.Move(1000);
  EXPECT_EQ(Selected(list), 2u);
}

TEST(TaskListTest, FiltersByAllWordsInAnyCase) {
  TaskList list;
  Blocker other = MakeTask(2, "Nginx", "ep_poll", KLPX_RUNNING);
  other.cmdline = "nginx -c my.conf";
  list.Take(Of({MakeTask(1, "sshd", "do_poll"), other}));
  list.SetFilter("NGINX poll");
  EXPECT_THAT(Lines(list), ElementsAre("2"));
  EXPECT_EQ(list.matching(), 1u);
  list.SetFilter("my.conf");
  EXPECT_THAT(Lines(list), ElementsAre("2"));
  list.SetFilter("on-function");
  EXPECT_THAT(Lines(list), ElementsAre("1"));
  list.SetFilter("sshd nginx");
  EXPECT_THAT(Lines(list), IsEmpty());
  list.SetFilter("");
  EXPECT_EQ(list.matching(), 2u);
}

TEST(TaskListTest, GroupsTheLargestFirstAndFolded) {
  TaskList list;
  list.Take(Of({MakeTask(1, "a", "f"), MakeTask(2, "b", "g"),
                MakeTask(3, "c", "g"), MakeTask(4, "d", "")}));
  GroupBy(list, Grouping::kFunction);
  EXPECT_THAT(Lines(list),
              ElementsAre("g", "(in no function that is replaced)", "f"));
  EXPECT_EQ(list.lines()[0].count, 2u);
  EXPECT_EQ(list.lines()[0].oldest_ms, 11000u);
  list.ToggleFold();
  EXPECT_THAT(
      Lines(list),
      ElementsAre("g", "2", "3", "(in no function that is replaced)", "f"));
  list.Move(2);
  EXPECT_EQ(Selected(list), 3u);
  list.ToggleFold();  // from a task: its group is folded and selected
  EXPECT_EQ(list.selected(), 0u);
  EXPECT_EQ(list.lines().size(), 3u);
}

TEST(TaskListTest, GroupsByProcessReasonAndCgroup) {
  TaskList list;
  Blocker thread = MakeTask(11, "worker");
  thread.info.pid = 10;
  Blocker leader = MakeTask(10, "daemon", "f", KLPX_ON_FUNCTION, 0);
  Blocker idle = MakeTask(0, "swapper/0", "", KLPX_IDLE);
  idle.info.key.idle_cpu = 0;
  idle.cgroup = "";
  list.Take(Of({thread, leader, idle}));
  GroupBy(list, Grouping::kReason);
  EXPECT_THAT(Lines(list), ElementsAre("on-function", "idle"));
  GroupBy(list, Grouping::kProcess);
  EXPECT_THAT(Lines(list), ElementsAre("process 10 daemon", "idle tasks"));
  GroupBy(list, Grouping::kCgroup);
  EXPECT_THAT(Lines(list),
              ElementsAre("/system.slice/a.service", "(not known)"));
  list.NextGrouping();
  EXPECT_EQ(list.grouping(), Grouping::kNone);
  EXPECT_EQ(list.lines().size(), 3u);
}

TEST(TaskListTest, GroupsStayUnfoldedOverSamples) {
  TaskList list;
  list.Take(Of({MakeTask(1, "a", "f"), MakeTask(2, "b", "g")}));
  GroupBy(list, Grouping::kFunction);
  list.ToggleAll();
  EXPECT_EQ(list.lines().size(), 4u);
  list.Take(Of(
      {MakeTask(1, "a", "f"), MakeTask(2, "b", "g"), MakeTask(3, "c", "h")}));
  EXPECT_EQ(list.lines().size(), 5u);  // h is new, and folded
  list.ToggleAll();
  EXPECT_EQ(list.lines().size(), 6u);
  list.ToggleAll();
  EXPECT_EQ(list.lines().size(), 3u);
}

TEST(TaskListTest, ScrollsNoMoreThanNeeded) {
  TaskList list;
  std::vector<Blocker> tasks;
  for (uint32_t tid = 1; tid <= 100; tid++) tasks.push_back(MakeTask(tid, "t"));
  list.Take(Of(tasks));
  EXPECT_EQ(list.Scroll(10), 0u);
  list.Move(9);
  EXPECT_EQ(list.Scroll(10), 0u);
  list.Move(1);
  EXPECT_EQ(list.Scroll(10), 1u);
  list.MoveToEnd();
  EXPECT_EQ(list.Scroll(10), 90u);
  EXPECT_EQ(list.Scroll(40), 60u);  // a larger window shows more, not blanks
  tasks.resize(5);
  list.Take(Of(tasks));
  EXPECT_EQ(list.Scroll(10), 0u);
  EXPECT_EQ(Selected(list), 5u);
}

TEST(TaskListTest, HoldsTwentyThousandTasks) {
  std::vector<Blocker> tasks;
  for (uint32_t tid = 1; tid <= 20000; tid++) {
    tasks.push_back(
        MakeTask(tid, absl::StrCat("t", tid % 7), absl::StrCat("f", tid % 5)));
  }
  TaskList list;
  list.Take(Of(tasks));
  list.Move(15000);
  const uint32_t tid = Selected(list);
  SortBy(list, Order::kFunction);
  EXPECT_EQ(Selected(list), tid);
  GroupBy(list, Grouping::kFunction);
  EXPECT_EQ(list.lines().size(), 5u);
  EXPECT_EQ(list.lines()[0].count, 4000u);
}

}  // namespace
}  // namespace klpx
