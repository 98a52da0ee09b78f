// SPDX-License-Identifier: GPL-2.0
// Records become rows and come back as they were.
#include "controller/store/rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/unit/store/history_files.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RowsTest : public testing::Test, protected HistoryFiles {
 protected:
  RowsTest()
      : database_(Database::Open(dir_ + "/rows.db", Access::kReadWrite,
                                 absl::ZeroDuration())
                      .value()) {}

  // As it is when it has been a row without types, after `change`.
  TransitionRecord Back(const TransitionRecord& record,
                        const std::string& change = "") {
    Make("transition", kTransitionColumns);
    Statement insert =
        database_.Prepare(absl::StrCat("INSERT INTO transition VALUES (7, ",
                                       Marks(kTransitionColumnCount), ")"));
    BindTransition(insert, record);
    EXPECT_TRUE(insert.Run().ok());
    Change("transition", change);
    Statement select = database_.Prepare(
        absl::StrCat("SELECT id, ", kTransitionColumns, " FROM transition"));
    EXPECT_TRUE(select.Step().value());
    return TransitionOf(select);
  }

  BlockerRecord Back(const BlockerRecord& task,
                     const std::string& change = "") {
    Make("task", kTaskColumns);
    Statement insert = database_.Prepare(absl::StrCat(
        "INSERT INTO task VALUES (7, ", Marks(kTaskColumnCount), ")"));
    BindTask(insert, task);
    EXPECT_TRUE(insert.Run().ok());
    Change("task", change);
    Statement select =
        database_.Prepare(absl::StrCat("SELECT ", kTaskColumns, " FROM task"));
    EXPECT_TRUE(select.Step().value());
    return TaskOf(select);
  }

  Database database_;

 private:
  void Make(const std::string& table, absl::string_view columns) {
    EXPECT_TRUE(database_
                    .Execute(absl::StrCat("DROP TABLE IF EXISTS ", table,
                                          "; CREATE TABLE ", table, " (id, ",
                                          columns, ")"))
                    .ok());
  }

  // As if the file had been damaged.
  void Change(const std::string& table, const std::string& change) {
    if (change.empty()) return;
    EXPECT_TRUE(
        database_.Execute(absl::StrCat("UPDATE ", table, " SET ", change))
            .ok());
  }
};

TEST_F(RowsTest, ThereIsAMarkForEachColumn) {
  EXPECT_EQ(Marks(0), "");
  EXPECT_EQ(Marks(1), "?");
  EXPECT_EQ(Marks(3), "?, ?, ?");
  EXPECT_EQ(
      std::count(kTransitionColumns.begin(), kTransitionColumns.end(), ',') + 1,
      kTransitionColumnCount);
  EXPECT_EQ(std::count(kTaskColumns.begin(), kTaskColumns.end(), ',') + 1,
            kTaskColumnCount);
}

TEST_F(RowsTest, ATransitionComesBackWithAllItHas) {
  TransitionRecord record = Ended(1500, 3);
  record.engine = "kernel";
  record.patching = false;
  record.replaces = {"a", "b"};
  record.initiator.login_uid = 1000;
  record.tasks = 12;
  record.pending = 4;
  record.reversals = 5;
  record.signals = 6;
  record.blockers = 8;
  const TransitionRecord found = Back(record);
  EXPECT_EQ(found.id, 7);
  EXPECT_EQ(found.boot_id, "now");
  EXPECT_EQ(found.kernel, "6.12.0-test");
  EXPECT_EQ(found.engine, "kernel");
  EXPECT_EQ(found.patch, "fix");
  EXPECT_EQ(found.started_ns, 1500);
  EXPECT_FALSE(found.patching);
  EXPECT_EQ(found.model, "tasks");
  EXPECT_THAT(found.replaces, ElementsAre("a", "b"));
  EXPECT_EQ(found.initiator.by, "cli");
  EXPECT_EQ(found.initiator.verb, "enable");
  EXPECT_EQ(found.initiator.uid, 0u);
  EXPECT_EQ(found.initiator.user, "root");
  EXPECT_EQ(found.initiator.login_uid, 1000u);
  EXPECT_EQ(found.initiator.sudo_user, "alice");
  EXPECT_EQ(found.initiator.tty, "pts/0");
  EXPECT_EQ(found.initiator.pid, 1u);
  EXPECT_EQ(found.initiator.pid_start, 2u);
  EXPECT_EQ(found.begun, record.begun);
  EXPECT_EQ(found.begun_ns, 1000);
  EXPECT_EQ(found.outcome, Outcome::kForced);
  EXPECT_EQ(found.ended_ns, 1510);
  EXPECT_EQ(found.tasks, 12u);
  EXPECT_EQ(found.pending, 4u);
  EXPECT_EQ(found.reversals, 5u);
  EXPECT_EQ(found.signals, 6u);
  EXPECT_EQ(found.forced, 3u);
  EXPECT_EQ(found.blockers, 8u);
}

TEST_F(RowsTest, WhatIsNotKnownStaysSo) {
  const TransitionRecord found = Back(TransitionRecord());
  EXPECT_EQ(found.started_ns, std::nullopt);
  EXPECT_EQ(found.ended_ns, std::nullopt);
  EXPECT_EQ(found.tasks, std::nullopt);
  EXPECT_EQ(found.initiator.uid, std::nullopt);
  EXPECT_EQ(found.initiator.login_uid, std::nullopt);
  EXPECT_THAT(found.replaces, IsEmpty());
}

TEST_F(RowsTest, EveryOutcomeComesBack) {
  for (int i = 0; i <= static_cast<int>(Outcome::kUnknown); i++) {
    TransitionRecord record;
    record.outcome = static_cast<Outcome>(i);
    EXPECT_EQ(Back(record).outcome, record.outcome) << i;
  }
}

TEST_F(RowsTest, TheLargestNumbersComeBack) {
  TransitionRecord record;
  record.pending = UINT64_MAX;
  record.tasks = UINT64_MAX;
  record.initiator.uid = UINT32_MAX;
  record.started_ns = INT64_MIN;
  EXPECT_EQ(Back(record).pending, UINT64_MAX);
  EXPECT_EQ(Back(record).tasks, UINT64_MAX);
  EXPECT_EQ(Back(record).initiator.uid, UINT32_MAX);
  EXPECT_EQ(Back(record).started_ns, INT64_MIN);
}

TEST_F(RowsTest, TextOfAnyBytesComesBack) {
  TransitionRecord record;
  record.patch = std::string("a'\";--\0\xff\n", 9);
  EXPECT_EQ(Back(record).patch, record.patch);
}

TEST_F(RowsTest, AnOutcomeOfAnotherVersionIsUnknown) {
  EXPECT_EQ(Back(Ended(1), "outcome = 'of-the-future'").outcome,
            Outcome::kUnknown);
  EXPECT_EQ(Back(Ended(1), "outcome = NULL").outcome, Outcome::kUnknown);
  EXPECT_EQ(Back(Ended(1), "outcome = 5").outcome, Outcome::kUnknown);
}

// A damaged file may hold a value of any type anywhere.
TEST_F(RowsTest, ValuesOfAnotherTypeReadAsNothing) {
  const TransitionRecord found = Back(
      Ended(1), "patch = NULL, begun_us = 'x', pending = x'ff', forced = NULL");
  EXPECT_EQ(found.patch, "");
  EXPECT_EQ(found.begun, absl::UnixEpoch());
  EXPECT_EQ(found.pending, 0u);
  EXPECT_EQ(found.forced, 0u);
}

TEST_F(RowsTest, ATaskComesBackWithAllItHas) {
  BlockerRecord task = Task(12);
  task.cmdline = "cat /dev/klpx";
  task.cgroup = "/a";
  task.kthread = true;
  task.signals = 3;
  task.signalled_ns = 2500;
  const BlockerRecord found = Back(task);
  EXPECT_EQ(found.key.tid, 12u);
  EXPECT_EQ(found.key.idle_cpu, -1);
  EXPECT_EQ(found.key.start_ns, 77u);
  EXPECT_EQ(found.pid, 400u);
  EXPECT_EQ(found.comm, "cat");
  EXPECT_EQ(found.cmdline, "cat /dev/klpx");
  EXPECT_EQ(found.cgroup, "/a");
  EXPECT_TRUE(found.kthread);
  EXPECT_EQ(found.reason, "on-function");
  EXPECT_EQ(found.function, "do_open");
  EXPECT_EQ(found.since_ns, 2000u);
  EXPECT_EQ(found.seen_ns, 3000u);
  EXPECT_EQ(found.signals, 3u);
  EXPECT_THAT(found.stack, ElementsAre("do_open+0x10", "vfs_open+0x2d"));
  EXPECT_EQ(found.signalled_ns, 2500u);
}

TEST_F(RowsTest, ATaskWithoutAStackHasNone) {
  BlockerRecord task = Task(1);
  task.stack.clear();
  EXPECT_THAT(Back(task).stack, IsEmpty());
  EXPECT_THAT(Back(task, "stack = NULL").stack, IsEmpty());
}

}  // namespace
}  // namespace klpx
