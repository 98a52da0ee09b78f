// SPDX-License-Identifier: GPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "absl/strings/str_split.h"
#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class BlockingTest : public testing::Test, protected CommandTest {
 protected:
  BlockingTest() {
    kernel.transition_time = absl::InfiniteDuration();
    kernel.AddMovingPatch(kName, 2);
    observer.AddTask(42, "reader");
    observer.AddTask(43, "writer");
    kernel.files["/proc/42/task/42/stat"] =
        "42 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 "
        "20 0 1 0 0 4096\n";
    kernel.files["/proc/42/cgroup"] = "0::/system.slice/a.service\n";
    kernel.files["/proc/42/cmdline"] = std::string("reader\0-x\0", 10);
  }

  absl::StatusOr<int> Blocking() { return RunBlocking(context, options_); }

  BlockingOptions options_;
};

// In a container, or if the number belongs to another task by now.
TEST_F(BlockingTest, LeavesOutProcFactsOfAnotherTask) {
  kernel.files["/proc/42/task/42/stat"] =
      "42 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 "
      "20 0 1 0 777 4096\n";
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("reader"));
  EXPECT_THAT(out.str(), Not(HasSubstr("a.service")));
}

TEST_F(BlockingTest, ShowsBlockingTasks) {
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("reader"));
  EXPECT_THAT(out.str(), HasSubstr("writer"));
  EXPECT_THAT(out.str(), HasSubstr("/system.slice/a.service"));
}

TEST_F(BlockingTest, JsonIdentifiesATaskAndSaysWhatToDo) {
  kernel.files["/proc/42/status"] = "Name:\treader\nUid:\t0\t33\t0\t0\n";
  kernel.files["/etc/passwd"] = "www-data:x:33:33::/:/bin/sh\n";
  context.console.style.json = true;
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("\"uid\": 33"));
  EXPECT_THAT(out.str(), HasSubstr("\"user\": \"www-data\""));
  EXPECT_THAT(out.str(), HasSubstr("\"commands\": ["));
}

TEST_F(BlockingTest, ShowsStacksWhenVerbose) {
  context.console.style.verbose = true;
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("42 reader: reader -x\n  do_open+0x10\n"));
}

TEST_F(BlockingTest, LooksForTheCauseOfAnUnreliableStack) {
  observer.tasks[0].reason = KLPX_UNRELIABLE_STACK;
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("do_open [bpf]"));
}

TEST_F(BlockingTest, FoldsThreadsOfAProcessUnlessToldOtherwise) {
  for (klpx_task_info& task : observer.tasks) task.pid = 42;
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("2 threads  42"));
  EXPECT_THAT(out.str(), HasSubstr("2 tasks in 1 row; --all shows each"));
  EXPECT_THAT(out.str(), Not(HasSubstr("writer")));
  options_.all = true;
  out.str("");
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("writer"));
  EXPECT_THAT(out.str(), Not(HasSubstr("threads")));
}

TEST_F(BlockingTest, CutsControlGroupsOfContainers) {
  kernel.files["/proc/42/cgroup"] =
      "0::/kubepods.slice/" + std::string(200, 'x') + "/end.scope\n";
  EXPECT_EQ(Blocking().value(), 0);
  for (const absl::string_view line : absl::StrSplit(out.str(), '\n')) {
    EXPECT_LT(line.size(), 100u);
  }
  EXPECT_THAT(out.str(), HasSubstr("/end.scope\n"));
  context.console.style.verbose = true;
  out.str("");
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr(std::string(200, 'x')));
}

TEST_F(BlockingTest, FiltersByThreadAndProcess) {
  options_.tid = 43;
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), Not(HasSubstr("reader")));
  options_.tid.reset();
  options_.pid = 42;
  out.str("");
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), Not(HasSubstr("writer")));
}

TEST_F(BlockingTest, LeavesOutTheTasksOfOtherPatches) {
  snprintf(observer.tasks[1].patch, KLPX_PATCH_NAME_LEN, "other");
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), Not(HasSubstr("writer")));
}

TEST_F(BlockingTest, MakesTheEngineReportAgainToALateObserver) {
  observer.tasks.clear();
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(kernel.writes, Contains("test_fix/kick=1"));
}

TEST_F(BlockingTest, SaysThatNothingBlocks) {
  kernel.patches[kName].transition = false;
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("nothing blocks"));
}

TEST_F(BlockingTest, WatchesUntilTheTransitionHasEnded) {
  options_.watch = true;
  kernel.on_sleep = [this] { kernel.patches.clear(); };
  EXPECT_EQ(Blocking().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("nothing blocks"));
}

TEST_F(BlockingTest, StopsWatchingWhenInterrupted) {
  options_.watch = true;
  kernel.on_sleep = [this] { kernel.interrupted = true; };
  EXPECT_EQ(Blocking().value(), 0);
}

TEST_F(BlockingTest, FailsWithoutTheObserver) {
  observer.refusal = MakeError(ErrorKind::kBpfRefused, "no BPF here");
  const absl::Status status = Blocking().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kBpfRefused);
  EXPECT_THAT(std::string(status.message()), HasSubstr("no BPF here"));
}

TEST_F(BlockingTest, RefusesUnlessRoot) {
  kernel.root = false;
  EXPECT_EQ(KindOf(Blocking().status()), ErrorKind::kNotPermitted);
}

TEST_F(BlockingTest, RefusesAnUnknownPatch) {
  options_.patch = "none";
  EXPECT_EQ(KindOf(Blocking().status()), ErrorKind::kNoSuchPatch);
}

}  // namespace
}  // namespace klpx
