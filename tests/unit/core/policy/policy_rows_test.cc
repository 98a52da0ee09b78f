// SPDX-License-Identifier: GPL-2.0
// The rows of a policy, and what they decide over hours, without a clock and
// without a kernel.
#include "controller/core/policy/policy_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/policy/policy_file.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint64_t kSecond = 1000;
constexpr uint64_t kHour = 3600 * kSecond;
constexpr uint64_t kRound = 250;

std::vector<klpx_rule> Rows(absl::string_view text,
                            const CgroupIds& cgroups = {}) {
  const absl::StatusOr<Policy> policy = ParsePolicy(text, "p.toml");
  EXPECT_TRUE(policy.ok()) << policy.status();
  absl::StatusOr<std::vector<klpx_rule>> rows = PolicyRows(*policy, cgroups);
  EXPECT_TRUE(rows.ok()) << rows.status();
  return *std::move(rows);
}

struct Task {
  klpx_task_info info = {};
  uint32_t uid = 1000;
  klpx_pushed pushed = {};
};

Task MakeTask(const char* comm, klpx_reason reason = KLPX_ON_FUNCTION) {
  Task task;
  std::strncpy(task.info.comm, comm, KLPX_COMM_LEN - 1);
  std::strncpy(task.info.patch, "fix_one", KLPX_PATCH_NAME_LEN - 1);
  task.info.reason = reason;
  task.info.since_ns = 1;
  return task;
}

klpx_push Ask(const std::vector<klpx_rule>& rows, Task& task, uint64_t age_ms) {
  task.info.age_ms = age_ms;
  for (uint32_t row = 0; row < rows.size(); ++row) {
    if (!klpx_rule_fits(&rows[row], &task.info, task.uid)) continue;
    return klpx_rule_push(&rows[row], row, &task.info, &task.pushed);
  }
  ADD_FAILURE() << "no row fits";
  return KLPX_PUSH_DEFAULT;
}

// The ages, in seconds, at which a task gets this push within that time.
std::vector<uint64_t> Times(const std::vector<klpx_rule>& rows, Task& task,
                            uint64_t until_ms, klpx_push push) {
  std::vector<uint64_t> times;
  for (uint64_t age = 0; age <= until_ms; age += kRound) {
    if (Ask(rows, task, age) == push) times.push_back(age / kSecond);
  }
  return times;
}

TEST(PolicyRowsTest, TheDefaultSignalsEveryFifteenSeconds) {
  Task task = MakeTask("cat");
  const auto rows = Rows("");
  EXPECT_THAT(Times(rows, task, 50 * kSecond, KLPX_PUSH_SIGNAL),
              ElementsAre(15, 30, 45));
  Task patient = MakeTask("cat");
  EXPECT_THAT(Times(rows, patient, 5 * kHour, KLPX_PUSH_SIGNAL),
              SizeIs(5 * kHour / (15 * kSecond)));
}

TEST(PolicyRowsTest, AListedProgramIsNeverSignalled) {
  Task task = MakeTask("mysqld");
  const auto rows = Rows("[[rule]]\ncomm = \"mysqld\"\ndo = \"leave\"\n");
  EXPECT_THAT(Times(rows, task, 10 * kHour, KLPX_PUSH_SIGNAL), IsEmpty());
  EXPECT_EQ(Ask(rows, task, kHour), KLPX_PUSH_LEAVE);
  Task longer = MakeTask("mysqld_safe");
  EXPECT_EQ(Ask(rows, longer, 15 * kSecond), KLPX_PUSH_SIGNAL);
}

TEST(PolicyRowsTest, StepsWidenAndEnd) {
  const auto rows = Rows(R"(
[[rule]]
step = [
  { after = "2s", push = "kick", every = "1s", at_most = 2 },
  { after = "5s", push = "signal", every = "5s", at_most = 3 },
  { after = "60s", push = "wait" },
]
)");
  Task kicked = MakeTask("cat");
  EXPECT_THAT(Times(rows, kicked, kHour, KLPX_PUSH_KICK), ElementsAre(2, 3));
  Task signalled = MakeTask("cat");
  EXPECT_THAT(Times(rows, signalled, kHour, KLPX_PUSH_SIGNAL),
              ElementsAre(5, 10, 15));
}

TEST(PolicyRowsTest, OnceMeansOnce) {
  const auto rows =
      Rows("[[rule]]\nstep = [{ after = \"1s\", push = \"signal\" }]\n");
  Task task = MakeTask("cat");
  EXPECT_THAT(Times(rows, task, 10 * kHour, KLPX_PUSH_SIGNAL), ElementsAre(1));
  // It blocks again, in another transition or after a reversal.
  task.info.since_ns = 2;
  EXPECT_THAT(Times(rows, task, 10 * kHour, KLPX_PUSH_SIGNAL), ElementsAre(1));
}

TEST(PolicyRowsTest, ChangedRulesStartOver) {
  Task task = MakeTask("cat");
  const auto before = Rows(
      "[[rule]]\nstep = [{ after = \"1s\", push = "
      "\"signal\" }]\n");
  EXPECT_EQ(Ask(before, task, 2 * kSecond), KLPX_PUSH_SIGNAL);
  const auto after = Rows(
      "[[rule]]\ncomm = \"x\"\ndo = \"leave\"\n[[rule]]\n"
      "step = [{ after = \"1s\", push = \"signal\" }]\n");
  EXPECT_EQ(Ask(after, task, 3 * kSecond), KLPX_PUSH_SIGNAL);
}

TEST(PolicyRowsTest, ClassesUidsReasonsAndPatches) {
  const auto rows = Rows(R"(
[[rule]]
class = "kthread"
do = "leave"
[[rule]]
uid = [0, "100-199"]
do = "leave"
[[rule]]
reason = "uninterruptible"
do = "leave"
[[rule]]
patch = "other*"
do = "leave"
)");
  const uint64_t late = 20 * kSecond;
  Task kthread = MakeTask("kworker/0:1");
  kthread.info.kthread = true;
  EXPECT_EQ(Ask(rows, kthread, late), KLPX_PUSH_LEAVE);
  Task worker = MakeTask("iou-wrk-1");
  worker.info.io_worker = true;
  EXPECT_EQ(Ask(rows, worker, late), KLPX_PUSH_SIGNAL);
  for (const uint32_t uid : {0U, 100U, 199U}) {
    Task task = MakeTask("cat");
    task.uid = uid;
    EXPECT_EQ(Ask(rows, task, late), KLPX_PUSH_LEAVE) << uid;
  }
  for (const uint32_t uid : {1U, 99U, 200U}) {
    Task task = MakeTask("cat");
    task.uid = uid;
    EXPECT_EQ(Ask(rows, task, late), KLPX_PUSH_SIGNAL) << uid;
  }
  Task waiting = MakeTask("cat", KLPX_UNINTERRUPTIBLE);
  EXPECT_EQ(Ask(rows, waiting, late), KLPX_PUSH_LEAVE);
  Task other = MakeTask("cat");
  std::strncpy(other.info.patch, "other_one", KLPX_PATCH_NAME_LEN - 1);
  EXPECT_EQ(Ask(rows, other, late), KLPX_PUSH_LEAVE);
}

TEST(PolicyRowsTest, MakesARowForEachCombination) {
  const auto rows = Rows(R"(
[[rule]]
comm = ["a", "b"]
uid = [1, 2, 3]
cgroup = ["/x", "/gone"]
do = "leave"
)",
                         {{"/x", 77}});
  ASSERT_THAT(rows, SizeIs(7));
  for (int i = 0; i < 6; ++i) EXPECT_EQ(rows[i].cgroup, 77U);
  EXPECT_EQ(rows[6].cgroup, 0U);
  EXPECT_EQ(rows[6].index, 1U);
}

TEST(PolicyRowsTest, TooManyRowsAreRefusedBeforeTheyAreBuilt) {
  Policy policy = DefaultPolicy();
  PolicyRule rule;
  rule.comms.assign(1 << 20, {"a", false});
  rule.patches.assign(1 << 20, {"a", false});
  rule.uids.assign(1 << 20, UidRange());
  policy.rules.insert(policy.rules.begin(), rule);
  EXPECT_EQ(CountRows(policy), (size_t{1} << 60) + 1);
  const absl::Status refused = PolicyRows(policy, {}).status();
  EXPECT_EQ(KindOf(refused), ErrorKind::kBadPolicy);
  policy.rules.front().cgroups.assign(1 << 20, "/a");
  EXPECT_EQ(CountRows(policy), SIZE_MAX);
}

}  // namespace
}  // namespace klpx
