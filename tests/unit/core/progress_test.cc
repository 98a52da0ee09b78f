// SPDX-License-Identifier: GPL-2.0
#include "controller/core/progress.h"

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

TEST(ProgressTest, SaysHowManyOfHowMany) {
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

TEST(ProgressTest, NamesTheFunctionInTheWay) {
  Progress progress = Halfway();
  progress.blockers.push_back(BlockerNamed("sh", 7));
  progress.blockers[0].info.reason = KLPX_ON_FUNCTION;
  snprintf(progress.blockers[0].info.function, KLPX_FUNC_NAME_LEN, "do_poll");
  EXPECT_EQ(ProgressLine(progress),
            "fix: patching 6/10 tasks, 1.50s, left: sh/7 on-function do_poll");
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

TEST(ProgressPacerTest, HoldsBackWhatComesTooSoon) {
  ProgressPacer pacer(absl::Seconds(1));
  pacer.IsDue(Halfway(), absl::ZeroDuration());
  Progress changed = Halfway();
  changed.pending = 3;
  EXPECT_FALSE(pacer.IsDue(changed, absl::Milliseconds(999)));
  EXPECT_TRUE(pacer.IsDue(changed, absl::Milliseconds(1000)));
}

TEST(ProgressPacerTest, HoldsBackWhatIsNotNew) {
  ProgressPacer pacer(absl::Seconds(1));
  pacer.IsDue(Halfway(), absl::ZeroDuration());
  Progress later = Halfway();
  later.elapsed_ms = 9000;
  EXPECT_FALSE(pacer.IsDue(later, absl::Seconds(9)));
}

}  // namespace
}  // namespace klpx
