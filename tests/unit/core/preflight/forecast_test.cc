// SPDX-License-Identifier: GPL-2.0
#include "controller/core/preflight/forecast.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint32_t kInterruptible = 0x1;
constexpr uint32_t kUninterruptible = 0x2;
constexpr uint32_t kStopped = 0x4;
constexpr uint64_t kOpen = 0x1000;
constexpr uint64_t kOpenCold = 0x9000;
constexpr uint64_t kElsewhere = 0x5000;

TaskStack Task(uint32_t tid, uint64_t frame, uint32_t state = kInterruptible) {
  TaskStack task;
  task.tid = tid;
  task.pid = tid;
  task.comm = "sleeper";
  task.task_state = state;
  task.frames = {kElsewhere, frame, kElsewhere};
  return task;
}

TaskStack Kthread(uint32_t tid, uint64_t frame) {
  TaskStack task = Task(tid, frame);
  task.kthread = true;
  return task;
}

using Looks = std::vector<std::vector<TaskStack>>;

Forbidden DoOpen() {
  PatchDescription patch;
  patch.functions = {{"vmlinux", "do_open", "new_open", 0}};
  FunctionTable places;
  places[{"vmlinux", "do_open"}] = {
      {{kOpen, kOpen + 0x100}}, {{kOpenCold, kOpenCold + 0x10}}, {}};
  return FindForbidden(patch, places);
}

Forecast Of(const Looks& looks, bool stops_machine = false) {
  return Foresee(looks, DoOpen(), stops_machine);
}

Looks Thrice(const TaskStack& task) { return {{task}, {task}, {task}}; }

bool Finds(const Forecast& forecast, FindingCode code) {
  return Has(FindingsOf(forecast), code);
}

TEST(ForecastTest, NoTaskBlocks) {
  const Forecast forecast = Of({{Task(1, kElsewhere)}});
  EXPECT_EQ(forecast.outlook, Outlook::kAtOnce);
  EXPECT_THAT(forecast.in_the_way, IsEmpty());
  EXPECT_THAT(FindingsOf(forecast), IsEmpty());
}

TEST(ForecastTest, NamesTheTaskAndTheFunction) {
  const Forecast forecast = Of({{Task(7, kOpen + 0x20)}});
  ASSERT_EQ(forecast.in_the_way.size(), 1u);
  EXPECT_EQ(forecast.in_the_way[0].task.tid, 7u);
  EXPECT_EQ(forecast.in_the_way[0].function, "do_open");
}

TEST(ForecastTest, ARangeEndsBeforeItsEnd) {
  EXPECT_THAT(Of({{Task(1, kOpen + 0x100)}}).in_the_way, IsEmpty());
  EXPECT_THAT(Of({{Task(1, kOpen - 1)}}).in_the_way, IsEmpty());
}

TEST(ForecastTest, ColdPartsCount) {
  EXPECT_EQ(Of({{Task(1, kOpenCold)}}).in_the_way.size(), 1u);
}

TEST(ForecastTest, UserTasksAsleepWaitForASignal) {
  const Forecast forecast = Of(Thrice(Task(1, kOpen)));
  EXPECT_EQ(forecast.in_the_way[0].obstacle, Obstacle::kSignal);
  EXPECT_EQ(forecast.outlook, Outlook::kSignal);
  EXPECT_TRUE(Finds(forecast, FindingCode::kBlocksUntilSignal));
}

TEST(ForecastTest, NoSignalMovesUninterruptibleTasks) {
  const Forecast forecast = Of(Thrice(Task(1, kOpen, kUninterruptible)));
  EXPECT_EQ(forecast.outlook, Outlook::kNever);
  EXPECT_TRUE(Finds(forecast, FindingCode::kBlocksForGood));
}

TEST(ForecastTest, NoSignalMovesKernelThreads) {
  const Forecast forecast = Of(Thrice(Kthread(1, kOpen)));
  EXPECT_EQ(forecast.in_the_way[0].obstacle, Obstacle::kKthread);
  EXPECT_EQ(forecast.outlook, Outlook::kNever);
}

TEST(ForecastTest, NoSignalMovesStoppedTasks) {
  const Forecast forecast = Of(Thrice(Task(1, kOpen, kStopped)));
  EXPECT_EQ(forecast.in_the_way[0].obstacle, Obstacle::kStopped);
  EXPECT_EQ(forecast.outlook, Outlook::kNever);
}

TEST(ForecastTest, ATaskThatComesAndGoesIsNoObstacle) {
  const Forecast forecast =
      Of({{Kthread(1, kOpen)}, {Kthread(1, kElsewhere)}, {Kthread(1, kOpen)}});
  EXPECT_EQ(forecast.in_the_way[0].seen, 2);
  EXPECT_EQ(forecast.in_the_way[0].obstacle, Obstacle::kPassing);
  EXPECT_EQ(forecast.outlook, Outlook::kSoon);
  EXPECT_THAT(FindingsOf(forecast), IsEmpty());
}

TEST(ForecastTest, NamesFunctionsThatSomeTaskIsAlwaysIn) {
  // Another task each time.
  const Forecast forecast =
      Of({{Task(1, kOpen)}, {Task(2, kOpen)}, {Task(3, kOpen)}});
  ASSERT_EQ(forecast.functions.size(), 1u);
  EXPECT_TRUE(IsAlwaysOnStack(forecast.functions[0], forecast));
  EXPECT_EQ(forecast.functions[0].tasks, 3);
  EXPECT_TRUE(Finds(forecast, FindingCode::kAlwaysOnStack));
}

TEST(ForecastTest, OneLookIsNotEnoughForAlways) {
  const Forecast forecast = Of({{Task(1, kOpen)}});
  EXPECT_FALSE(IsAlwaysOnStack(forecast.functions[0], forecast));
  EXPECT_FALSE(Finds(forecast, FindingCode::kAlwaysOnStack));
}

TEST(ForecastTest, ABlockingTaskPreventsStoppingTheMachine) {
  const Forecast forecast = Of(Thrice(Task(1, kOpen)), /*stops_machine=*/true);
  EXPECT_EQ(forecast.outlook, Outlook::kWouldBeRefused);
  EXPECT_TRUE(Finds(forecast, FindingCode::kMachineNotStopped));
}

// The kernel's stack of a task in down() begins with the caller of down().
TEST(ForecastTest, FindsFunctionsOfTheSchedulerBeforeTheFirstFrame) {
  PatchDescription patch;
  patch.functions = {{"vmlinux", "down", "new_down", 0},
                     {"vmlinux", "do_open", "new_open", 0}};
  FunctionTable places;
  places[{"vmlinux", "__sched_text_start"}] = {{{0x100, 0x100}}, {}, {}};
  places[{"vmlinux", "__sched_text_end"}] = {{{0x200, 0x200}}, {}, {}};
  places[{"vmlinux", "down"}] = {{{0x150, 0x160}}, {}, {}};
  places[{"vmlinux", "do_open"}] = {{{kOpen, kOpen + 0x100}}, {}, {}};
  TaskStack task = Task(1, kElsewhere);
  // This word is not a frame: the scheduler never calls do_open().
  task.innermost = {kOpen};
  const Forbidden forbidden = FindForbidden(patch, places);
  EXPECT_THAT(Foresee({{task}}, forbidden, false).in_the_way, IsEmpty());
  task.innermost = {kOpen, 0x155};
  const Forecast forecast = Foresee({{task}}, forbidden, false);
  ASSERT_EQ(forecast.in_the_way.size(), 1u);
  EXPECT_EQ(forecast.in_the_way[0].function, "down");
}

TEST(ForecastTest, OnlyTheWantedPositionIsForbidden) {
  PatchDescription patch;
  patch.functions = {{"vmlinux", "show", "new_show", 2}};
  FunctionTable places;
  places[{"vmlinux", "show"}] = {{{0x10, 0x20}, {0x30, 0x40}}, {}, {}};
  const auto ranges = FindForbidden(patch, places).ranges;
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].range.start, 0x30u);
}

TEST(ForecastTest, CountsRunningTasks) {
  TaskStack running = Task(1, kOpen);
  running.frames.clear();
  running.on_cpu = true;
  const Forecast forecast = Of({{running, Task(2, kElsewhere)}});
  EXPECT_EQ(forecast.tasks, 2u);
  EXPECT_EQ(forecast.running, 1u);
  EXPECT_THAT(OutlookSentence(forecast), HasSubstr("at once"));
}

TaskStack OnCpu(uint32_t tid, bool kthread) {
  TaskStack task;
  task.tid = tid;
  task.comm = "spinner";
  task.kthread = kthread;
  task.on_cpu = true;
  return task;
}

TEST(ForecastTest, NamesAKernelThreadThatIsAlwaysOnACpu) {
  const Forecast forecast = Of(Thrice(OnCpu(382, true)));
  EXPECT_TRUE(Finds(forecast, FindingCode::kSpinningKthread));
  EXPECT_THAT(FindingsOf(forecast)[0].found,
              HasSubstr("'spinner' (tid 382) was on a CPU at each of 3 looks"));
  EXPECT_THAT(OutlookSentence(forecast), HasSubstr("may hold it up"));
  EXPECT_FALSE(
      Finds(Of(Thrice(OnCpu(382, false))), FindingCode::kSpinningKthread));
  EXPECT_FALSE(Finds(Of({{OnCpu(382, true)}, {OnCpu(382, true)}, {}}),
                     FindingCode::kSpinningKthread));
  EXPECT_FALSE(Finds(Of({{OnCpu(382, true)}}), FindingCode::kSpinningKthread));
}

TEST(ForecastTest, PromisesNoSignalThatThePolicyForbids) {
  Forecast forecast = Of(Thrice(Task(7, kOpen)));
  ASSERT_EQ(forecast.outlook, Outlook::kSignal);
  FollowPolicy(
      forecast,
      [](const TaskInTheWay&) {
        return PushPlan{std::nullopt, "rule databases"};
      },
      /*stops_machine=*/false);
  EXPECT_EQ(forecast.outlook, Outlook::kNever);
  EXPECT_FALSE(Finds(forecast, FindingCode::kBlocksUntilSignal));
  EXPECT_TRUE(Finds(forecast, FindingCode::kLeftAlone));
  EXPECT_THAT(Sentence(FindingsOf(forecast).back()),
              HasSubstr("(rule databases): 'sleeper' (tid 7) in do_open()"));
  EXPECT_THAT(OutlookSentence(forecast), HasSubstr("the policy leaves alone"));
}

TEST(ForecastTest, TheSignalIsSentWhenThePolicySaysSo) {
  Forecast forecast = Of(Thrice(Task(7, kOpen)));
  EXPECT_THAT(FindingsOf(forecast).back().advice, HasSubstr("after 15s"));
  FollowPolicy(
      forecast,
      [](const TaskInTheWay&) { return PushPlan{absl::Seconds(2), ""}; },
      /*stops_machine=*/false);
  EXPECT_THAT(FindingsOf(forecast).back().advice, HasSubstr("after 2s the"));
  forecast.decided_by = "gentle";
  EXPECT_THAT(FindingsOf(forecast).back().advice,
              HasSubstr("policy 'gentle' decides"));
}

}  // namespace
}  // namespace klpx
