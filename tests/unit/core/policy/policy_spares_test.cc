// SPDX-License-Identifier: GPL-2.0
// Which tasks a policy exempts from signals.
#include "controller/core/policy/policy_spares.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "controller/core/policy/policy_file.h"
#include "controller/core/policy/policy_rows.h"

namespace klpx {
namespace {

RuleSubject Task(const char* comm) {
  RuleSubject task;
  snprintf(task.info.comm, sizeof(task.info.comm), "%s", comm);
  snprintf(task.info.patch, sizeof(task.info.patch), "fix");
  task.info.reason = KLPX_ON_FUNCTION;
  task.uid = 1000;
  task.cgroup = "/system.slice/db.service/worker";
  return task;
}

Policy Read(const char* text) {
  const absl::StatusOr<Policy> policy = ParsePolicy(text, "p.toml");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return policy.value_or(Policy());
}

bool IsSpared(const char* text, const RuleSubject& task) {
  return SparingRule(Read(text), task) != nullptr;
}

TEST(PolicySparesTest, TasksThatARuleLeavesAloneAreSpared) {
  constexpr char kText[] = "[[rule]]\ncomm = \"mysql*\"\ndo = \"leave\"\n";
  EXPECT_TRUE(IsSpared(kText, Task("mysqld")));
  EXPECT_FALSE(IsSpared(kText, Task("postgres")));
}

TEST(PolicySparesTest, EveryListHasToMatch) {
  for (const char* other :
       {"uid = 5", "patch = \"other\"", "class = \"kthread\"",
        "reason = \"exiting\"", "cgroup = \"/system.slice/db\""}) {
    const std::string text = std::string("[[rule]]\ncomm = \"mysqld\"\n") +
                             other + "\ndo = \"leave\"\n";
    EXPECT_FALSE(IsSpared(text.c_str(), Task("mysqld"))) << other;
  }
  EXPECT_TRUE(
      IsSpared("[[rule]]\nuid = \"900-1000\"\n"
               "cgroup = \"/system.slice/db.service\"\n"
               "patch = \"f*\"\nclass = \"user\"\n"
               "reason = \"on-function\"\ndo = \"leave\"\n",
               Task("mysqld")));
}

TEST(PolicySparesTest, TheFirstRuleThatMatchesDecides) {
  EXPECT_FALSE(
      IsSpared("[[rule]]\nuid = 1000\ndo = \"default\"\n"
               "[[rule]]\ncomm = \"mysqld\"\ndo = \"leave\"\n",
               Task("mysqld")));
}

TEST(PolicySparesTest, StepsWithoutASignalSpareTasksToo) {
  EXPECT_TRUE(
      IsSpared("[[rule]]\ncomm = \"mysqld\"\n"
               "step = [{ after = \"1s\", push = \"kick\" }]\n",
               Task("mysqld")));
  EXPECT_FALSE(
      IsSpared("[[rule]]\ncomm = \"mysqld\"\n"
               "step = [{ after = \"1h\", push = \"signal\" }]\n",
               Task("mysqld")));
}

TEST(PolicySparesTest, TasksThatTheDefaultLeavesAloneAreNotSpared) {
  constexpr char kText[] = "[default]\ndo = \"leave\"\n";
  EXPECT_FALSE(IsSpared(kText, Task("mysqld")));
  EXPECT_FALSE(SparesAnyone(Read(kText)));
  EXPECT_FALSE(SparesAnyone(DefaultPolicy()));
}

TEST(PolicySparesTest, TheRowsInTheKernelSpareTheSameTasks) {
  const Policy policy = Read(
      "[[rule]]\ncomm = \"mysql*\"\ncgroup = \"/db\"\ndo = \"leave\"\n"
      "[[rule]]\ncomm = \"x\"\nstep = [{ after = \"1s\", push = "
      "\"signal\" }]\n[default]\ndo = \"leave\"\n");
  const auto rows = PolicyRows(policy, {{"/db", 7}});
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_TRUE(RowsSpareAnyone(*rows));
  EXPECT_TRUE(IsSparedByRows(*rows, Task("mysqld").info, 0, {1, 7}));
  EXPECT_FALSE(IsSparedByRows(*rows, Task("mysqld").info, 0, {1}));
  EXPECT_FALSE(IsSparedByRows(*rows, Task("x").info, 0, {1, 7}));
  EXPECT_FALSE(RowsSpareAnyone({}));
}

}  // namespace
}  // namespace klpx
