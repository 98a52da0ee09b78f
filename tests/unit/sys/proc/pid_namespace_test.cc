// SPDX-License-Identifier: GPL-2.0
// Is what /proc shows all there is, and is a number the task that is meant?
#include "controller/sys/proc/pid_namespace.h"

#include <gtest/gtest.h>

#include "tests/unit/sys/fake_kernel.h"

namespace klpx {
namespace {

// Field 9 has the flag of a kernel thread, or has it not.
constexpr char kKthreadd[] = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0\n";
constexpr char kUserTask[] = "2 (sh) S 1 2 2 0 -1 4194560 0 0\n";

class PidNamespaceTest : public testing::Test {
 protected:
  bool ShowsAllTasks(const std::string& second) {
    kernel_.files["/proc/2/stat"] = second;
    return ProcShowsAllTasks(kernel_);
  }

  FakeKernel kernel_;
};

TEST(FirstPidNamespaceTest, IsKnownByItsNumber) {
  EXPECT_TRUE(IsFirstPidNamespace("pid:[4026531836]"));
  EXPECT_FALSE(IsFirstPidNamespace("pid:[4026532201]"));
  EXPECT_FALSE(IsFirstPidNamespace("pid:[40265318360]"));
  EXPECT_FALSE(IsFirstPidNamespace("pid:[4026531836"));
  EXPECT_FALSE(IsFirstPidNamespace(""));
}

TEST_F(PidNamespaceTest, ShowsAllTasksWhereTheSecondIsOfTheKernel) {
  EXPECT_TRUE(ShowsAllTasks(kKthreadd));
}

TEST_F(PidNamespaceTest, DoesNotWhereTheSecondIsOfAUser) {
  EXPECT_FALSE(ShowsAllTasks(kUserTask));
}

TEST_F(PidNamespaceTest, DoesNotWhereThereIsNoSecond) {
  kernel_.files["/proc/self/stat"] = "1 (sh) S 0 1 1 0 -1 4194560 0 0\n";
  EXPECT_FALSE(ProcShowsAllTasks(kernel_));
}

TEST_F(PidNamespaceTest, WithoutAProcNothingIsHeldAgainstIt) {
  EXPECT_TRUE(ProcShowsAllTasks(kernel_));
}

TEST_F(PidNamespaceTest, WhatCannotBeUnderstoodIsTakenForGranted) {
  EXPECT_TRUE(ShowsAllTasks(""));
  EXPECT_TRUE(ShowsAllTasks("2 (kthreadd) S 0 0"));
  EXPECT_TRUE(ShowsAllTasks("2 (sh) S 1 2 2 0 -1 flags 0 0\n"));
}

// A user's task that calls itself by a name that looks like the fields.
TEST_F(PidNamespaceTest, IsNotDeceivedByAName) {
  EXPECT_FALSE(ShowsAllTasks(
      "2 (kthreadd) S 0 0 0 0 -1 2129984) S 1 2 2 0 -1 4194560 0 0\n"));
}

class IsThatTaskTest : public testing::Test {
 protected:
  IsThatTaskTest() {
    // Started 1234.56 s after boot, in hundredths of a second.
    kernel_.files["/proc/42/task/42/stat"] =
        "42 (cat) S 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 0\n";
  }

  bool Is(uint32_t tid, uint64_t start_ns) {
    klpx_task_key key = {};
    key.tid = tid;
    key.idle_cpu = -1;
    key.start_ns = start_ns;
    return IsThatTask(kernel_, key);
  }

  FakeKernel kernel_;
};

TEST_F(IsThatTaskTest, OneThatStartedInThatHundredthOfASecondIs) {
  EXPECT_TRUE(Is(42, 1234560000000));
  EXPECT_TRUE(Is(42, 1234569999999));
}

TEST_F(IsThatTaskTest, ALaterOneOfTheSameNumberIsNot) {
  EXPECT_FALSE(Is(42, 1234559999999));
  EXPECT_FALSE(Is(42, 1234570000000));
  EXPECT_FALSE(Is(42, 0));
}

TEST_F(IsThatTaskTest, OneThatHasGoneIsNot) {
  EXPECT_FALSE(Is(43, 1234560000000));
}

}  // namespace
}  // namespace klpx
