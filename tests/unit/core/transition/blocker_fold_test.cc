// SPDX-License-Identifier: GPL-2.0
#include "controller/core/transition/blocker_fold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace klpx {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

Blocker Task(uint32_t tid, uint32_t pid, const char* function,
             const char* patch = "fix") {
  Blocker blocker;
  blocker.info.key = {tid, -1, 7};
  blocker.info.pid = pid;
  blocker.info.reason = KLPX_ON_FUNCTION;
  snprintf(blocker.info.function, KLPX_FUNC_NAME_LEN, "%s", function);
  snprintf(blocker.info.patch, KLPX_PATCH_NAME_LEN, "%s", patch);
  return blocker;
}

TEST(BlockerFoldTest, NothingIsNoRow) {
  EXPECT_THAT(FoldBlockers({}), IsEmpty());
  EXPECT_THAT(SingleRows({}), IsEmpty());
}

TEST(BlockerFoldTest, ThreadsInTheSameFunctionAreOneRowWhereTheFirstWas) {
  const std::vector<Blocker> blockers = {
      Task(8, 7, "do_open"), Task(1, 1, "do_open"), Task(7, 7, "do_open")};
  const auto rows = FoldBlockers(blockers);
  ASSERT_THAT(rows, SizeIs(2));
  ASSERT_THAT(rows[0], SizeIs(2));
  EXPECT_EQ(rows[0][0], &blockers[0]);
  EXPECT_EQ(rows[0][1], &blockers[2]);
}

TEST(BlockerFoldTest, AnotherFunctionReasonPatchOrProcessIsAnotherRow) {
  std::vector<Blocker> blockers(5, Task(1, 1, "do_open"));
  blockers[1] = Task(2, 1, "do_read");
  blockers[2] = Task(3, 1, "do_open", "other");
  blockers[3] = Task(4, 2, "do_open");
  blockers[4].info.reason = KLPX_RUNNING;
  EXPECT_THAT(FoldBlockers(blockers), SizeIs(5));
}

TEST(BlockerFoldTest, WhatHasNoProcessStaysAlone) {
  const std::vector<Blocker> blockers(3, Task(0, 0, ""));
  EXPECT_THAT(FoldBlockers(blockers), SizeIs(3));
}

TEST(BlockerFoldTest, AReasonOfANewerEngineIsSurvived) {
  std::vector<Blocker> blockers(2, Task(1, 1, "do_open"));
  for (Blocker& blocker : blockers) {
    blocker.info.reason = static_cast<klpx_reason>(15);
  }
  EXPECT_THAT(FoldBlockers(blockers), SizeIs(1));
}

TEST(BlockerFoldTest, SingleRowsHaveOneTaskEach) {
  const std::vector<Blocker> blockers(2, Task(1, 1, "do_open"));
  const auto rows = SingleRows(blockers);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[1].front(), &blockers[1]);
}

TEST(RowKeyTest, IsTheSameForWhatIsTheSameOnly) {
  const std::string key = RowKey("fix", 7, "on-function", "do_open");
  EXPECT_EQ(RowKey("fix", 7, "on-function", "do_open"), key);
  EXPECT_NE(RowKey("fix", 71, "on-function", "do_open"), key);
  EXPECT_NE(RowKey("fix", 7, "running", "do_open"), key);
  EXPECT_NE(RowKey("fix2", 7, "on-function", "do_open"), key);
  EXPECT_NE(RowKey("fix", 7, "on-function", "do_open2"), key);
  EXPECT_EQ(RowKey("fix", 0, "idle", ""), "");
  EXPECT_NE(RowKey("", 1, "", ""), "");
}

}  // namespace
}  // namespace klpx
