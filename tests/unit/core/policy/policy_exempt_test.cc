// SPDX-License-Identifier: GPL-2.0
// Which tasks a policy exempts from signals.
#include "controller/core/policy/policy_exempt.h"

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

bool IsExempt(const char* text, const RuleSubject& task) {
  return ExemptingRule(Read(text), task) != nullptr;
}

TEST(PolicyExemptTest, TasksThatARuleLeavesAloneAreExempt) {
  constexpr char kText[] = "[[rule]]\ncomm = \"mysql*\"\ndo = \"leave\"\n";
  EXPECT_TRUE(IsExempt(kText, Task("mysqld")));
  EXPECT_FALSE(IsExempt(kText, Task("postgres")));
}

TEST(PolicyExemptTest, EveryListHasToMatch) {
  for (const char* other :
       {"uid = 5", "patch = \"other\"", "class = \"kthread\"",
        "reason = \"exiting\"", "cgroup = \"/system.slice/db\""}) {
    const std::string text = std::string("[[rule]]\ncomm = \"mysqld\"\n") +
                             other + "\ndo = \"leave\"\n";
    EXPECT_FALSE(IsExempt(text.c_str(), Task("mysqld"))) << other;
  }
  EXPECT_TRUE(
      IsExempt("[[rule]]\nuid = \"900-1000\"\n"
               "cgroup = \"/system.slice/db.service\"\n"
               "patch = \"f*\"\nclass = \"user\"\n"
               "reason = \"on-function\"\ndo = \"leave\"\n",
               Task("mysqld")));
}

TEST(PolicyExemptTest, TheFirstRuleThatMatchesDecides) {
  EXPECT_FALSE(
      IsExempt("[[rule]]\nuid = 1000\ndo = \"default\"\n"
               "[[rule]]\ncomm = \"mysqld\"\ndo = \"leave\"\n",
               Task("mysqld")));
}

TEST(PolicyExemptTest, StepsWithoutASignalExemptTasksToo) {
  EXPECT_TRUE(
      IsExempt("[[rule]]\ncomm = \"mysqld\"\n"
               "step = [{ after = \"1s\", push = \"kick\" }]\n",
               Task("mysqld")));
  EXPECT_FALSE(
      IsExempt("[[rule]]\ncomm = \"mysqld\"\n"
               "step = [{ after = \"1h\", push = \"signal\" }]\n",
               Task("mysqld")));
}

TEST(PolicyExemptTest, TasksThatTheDefaultLeavesAloneAreNotExempt) {
  constexpr char kText[] = "[default]\ndo = \"leave\"\n";
  EXPECT_FALSE(IsExempt(kText, Task("mysqld")));
  EXPECT_FALSE(ExemptsAnyone(Read(kText)));
  EXPECT_FALSE(ExemptsAnyone(DefaultPolicy()));
}

TEST(PolicyExemptTest, TheRowsInTheKernelExemptTheSameTasks) {
  const Policy policy = Read(
      "[[rule]]\ncomm = \"mysql*\"\ncgroup = \"/db\"\ndo = \"leave\"\n"
      "[[rule]]\ncomm = \"x\"\nstep = [{ after = \"1s\", push = "
      "\"signal\" }]\n[default]\ndo = \"leave\"\n");
  const auto rows = PolicyRows(policy, {{"/db", 7}});
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_TRUE(RowsExemptAnyone(*rows));
  EXPECT_TRUE(IsExemptByRows(*rows, Task("mysqld").info, 0, {1, 7}));
  EXPECT_FALSE(IsExemptByRows(*rows, Task("mysqld").info, 0, {1}));
  EXPECT_FALSE(IsExemptByRows(*rows, Task("x").info, 0, {1, 7}));
  EXPECT_FALSE(RowsExemptAnyone({}));
}

}  // namespace
}  // namespace klpx
