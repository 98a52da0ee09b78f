// SPDX-License-Identifier: GPL-2.0
#include "controller/core/transition/progress.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace klpx {
namespace {

Blocker BlockerNamed(const char* comm, uint32_t tid) {
  Blocker blocker;
  snprintf(blocker.info.comm, sizeof(blocker.info.comm), "%s", comm);
  blocker.info.key.tid = tid;
  blocker.info.reason = KLPX_RUNNING;
  return blocker;
}

Progress Halfway() { return {"fix", true, 10, 4, 1500, {}}; }

TEST(ProgressTest, ShowsSwitchedAndAllTasks) {
  EXPECT_EQ(ProgressLine(Halfway()), "fix: patching 6/10 tasks, 1.50s");
}

TEST(ProgressTest, NamesTheFirstThreeThatRemain) {
  Progress progress = Halfway();
  progress.patching = false;
  for (const char* comm : {"a", "b", "c", "d"}) {
    progress.blockers.push_back(BlockerNamed(comm, 7));
  }
  EXPECT_EQ(ProgressLine(progress),
            "fix: unpatching 6/10 tasks, 1.50s, left: a/7 running, b/7 running,"
            " c/7 running and 1 more");
}

TEST(ProgressTest, NamesTheBlockingFunction) {
  Progress progress = Halfway();
  progress.blockers.push_back(BlockerNamed("sh", 7));
  progress.blockers[0].info.reason = KLPX_ON_FUNCTION;
  snprintf(progress.blockers[0].info.function, KLPX_FUNC_NAME_LEN, "do_poll");
  EXPECT_EQ(ProgressLine(progress),
            "fix: patching 6/10 tasks, 1.50s, left: sh/7 on-function do_poll "
            "and 3 more");
}

TEST(ProgressTest, NamesThreadsOfOneProcessInOneFunctionTogether) {
  Progress progress = Halfway();
  progress.pending = 9;
  for (uint32_t tid = 329; tid < 335; tid++) {
    progress.blockers.push_back(BlockerNamed("sleepers", tid));
    progress.blockers.back().info.pid = 329;
  }
  progress.blockers.push_back(BlockerNamed("cat", 7));
  EXPECT_EQ(ProgressLine(progress),
            "fix: patching 1/10 tasks, 1.50s, left: 6 threads of sleepers/329 "
            "running, cat/7 running and 2 more");
}

// Whichever tasks are left, the line takes one row of the terminal.
TEST(ProgressTest, FitsInAnyNumberOfColumns) {
  Progress progress = {"klpx_fix_of_a_long_name", true, 129, 55, 3500, {}};
  for (uint32_t tid = 700; tid < 755; tid++) {
    progress.blockers.push_back(BlockerNamed("a_comm\xc3\xa4\x1b[m", tid));
    progress.blockers.back().info.pid = tid;
    progress.blockers.back().info.reason = KLPX_ON_FUNCTION;
    snprintf(progress.blockers.back().info.function, KLPX_FUNC_NAME_LEN,
             "__do_sys_pause_and_something_else_%u", tid);
  }
  for (size_t columns = 1; columns < 250; columns++) {
    const std::string line = ProgressLine(progress, columns);
    EXPECT_LE(line.size(), columns) << line;
    EXPECT_FALSE(line.empty());
    for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
  }
  EXPECT_EQ(ProgressLine(progress, 80),
            "klpx_fix_of_a_long_name: patching 74/129 tasks, 3.50s");
  EXPECT_EQ(ProgressLine(progress, 90).substr(53),
            ", left: a_comm???[m/700 and 54 more");
}

TEST(ProgressTest, SaysWhatTheTimeLimitIs) {
  EXPECT_EQ(LimitLine("fix", absl::InfiniteDuration(), TimeoutAct::kLeave),
            "fix: no time limit (--timeout sets one); ^C leaves it running");
  EXPECT_EQ(LimitLine("fix", absl::Seconds(90), TimeoutAct::kReverse),
            "fix: waits up to 1m30s, then reverses it; ^C leaves it running");
}

TEST(ProgressTest, NeverCountsBelowZero) {
  Progress progress = Halfway();
  progress.pending = 12;  // forks
  EXPECT_EQ(ProgressLine(progress), "fix: patching 0/12 tasks, 1.50s");
}

TEST(ProgressTest, SaysWhatIsComplete) {
  EXPECT_EQ(CompletionLine({"fix", true, 123, 0, 50, {}}),
            "fix: patching complete, 123 tasks in 0.05 s");
}

TEST(ProgressTest, DoesNotInventACount) {
  EXPECT_EQ(CompletionLine({"fix", false, 0, 0, 50, {}}),
            "fix: unpatching complete in 0.05 s");
}

TEST(ProgressPacerTest, LetsTheFirstLinePass) {
  EXPECT_TRUE(ProgressPacer(absl::Seconds(1)).IsDue(Halfway(), {}));
}

TEST(ProgressPacerTest, HoldsBackALineThatIsTooEarly) {
  ProgressPacer pacer(absl::Seconds(1));
  pacer.IsDue(Halfway(), absl::ZeroDuration());
  Progress changed = Halfway();
  changed.pending = 3;
  EXPECT_FALSE(pacer.IsDue(changed, absl::Milliseconds(999)));
  EXPECT_TRUE(pacer.IsDue(changed, absl::Milliseconds(1000)));
}

TEST(ProgressPacerTest, HoldsBackALineThatIsNotNew) {
  ProgressPacer pacer(absl::Seconds(1));
  pacer.IsDue(Halfway(), absl::ZeroDuration());
  Progress later = Halfway();
  later.elapsed_ms = 9000;
  EXPECT_FALSE(pacer.IsDue(later, absl::Seconds(9)));
}

TEST(ProgressPacerTest, PrintsAHeartbeatWhenNothingIsNew) {
  ProgressPacer pacer(absl::Seconds(1));
  int lines = 0;
  for (int second = 0; second <= 300; second++) {
    if (pacer.IsDue(Halfway(), absl::Seconds(second))) lines++;
  }
  EXPECT_EQ(lines, 1 + 300 / 30);
}

TEST(ProgressPacerTest, DoesNotFillALogWithNamesThatComeAndGo) {
  ProgressPacer pacer(absl::Seconds(1));
  int lines = 0;
  for (int second = 0; second < 3600; second++) {
    Progress progress = Halfway();
    progress.pending = second % 2;
    if (pacer.IsDue(progress, absl::Seconds(second))) lines++;
  }
  EXPECT_LT(lines, 150);
}

}  // namespace
}  // namespace klpx
