// SPDX-License-Identifier: GPL-2.0
// The facts about one task that the rules of a policy match.
#include "controller/ops/policy/rule_facts.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/core/policy/policy_exempt.h"
#include "controller/core/policy/policy_rows.h"
#include "controller/ops/kernel/blockers.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/sys/proc/initiator.h"
#include "controller/sys/proc/pid_namespace.h"

namespace klpx {
namespace {

// The name of the policy that is made of rules (bpf/policy.bpf.c).
constexpr absl::string_view kOurPolicy = "klpx";

// What decides when a task is pushed.
struct Deciding {
  std::optional<Policy> policy;
  std::vector<klpx_rule> rows;  // if the file has changed since it was applied
  // The name of a policy whose decisions cannot be predicted.
  std::string by;
};

bool Same(const std::vector<klpx_rule>& a, const std::vector<klpx_rule>& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), a.size() * sizeof(klpx_rule)) == 0;
}

Deciding ReadDeciding(Kernel& kernel, PolicyAccess& policy_access) {
  Deciding deciding;
  const std::string attached = AttachedPolicy(kernel);
  absl::StatusOr<std::optional<Policy>> file = ReadPolicy(kernel, "");
  if (!attached.empty() && attached != kOurPolicy) {
    deciding.by = attached;
    return deciding;
  }
  if (attached.empty()) {
    // A file that cannot be used counts as no file: enable ignores it, too.
    deciding.policy = DefaultPolicy();
    if (file.ok() && *file) deciding.policy = **std::move(file);
    return deciding;
  }
  absl::StatusOr<std::vector<klpx_rule>> rows = policy_access.ReadRows();
  if (!rows.ok() || rows->empty()) {
    deciding.by = attached;
    return deciding;
  }
  if (file.ok() && *file) {
    const auto same =
        PolicyRows(**file, policy_access.FindCgroups(CgroupsOf(**file)));
    if (same.ok() && Same(*same, *rows)) {
      deciding.policy = **std::move(file);
      return deciding;
    }
  }
  deciding.rows = *std::move(rows);
  return deciding;
}

std::optional<absl::Duration> FirstSignalOf(const klpx_rule& row) {
  for (uint32_t i = 0; i < row.steps && i < KLPX_STEPS_MAX; i++) {
    if (row.step[i].push != KLPX_PUSH_SIGNAL) continue;
    return absl::Milliseconds(row.step[i].after_ms);
  }
  return std::nullopt;
}

// The task as it will be seen once it blocks.
Blocker BlockerOf(Kernel& kernel, const std::string& patch,
                  const TaskStack& task) {
  Blocker blocker;
  klpx_task_info& info = blocker.info;
  info.key.tid = task.tid;
  info.key.idle_cpu = -1;
  info.key.start_ns = ProcessStart(kernel, task.tid).value_or(0) * kTickNs;
  info.pid = task.pid;
  info.kthread = task.kthread;
  info.io_worker = task.io_worker;
  info.reason = KLPX_ON_FUNCTION;
  task.comm.copy(info.comm, sizeof(info.comm) - 1);
  patch.copy(info.patch, sizeof(info.patch) - 1);
  std::vector<Blocker> one = {std::move(blocker)};
  AddProcFacts(kernel, one);
  return one.front();
}

PushPlan PlanBy(Kernel& kernel, PolicyAccess& policy_access,
                const Deciding& deciding, const Blocker& blocker) {
  const uint32_t uid = RealUidOf(kernel, blocker.info.key);
  if (deciding.policy) {
    const PolicyRule& rule =
        DecidingRule(*deciding.policy, {blocker.info, uid, blocker.cgroup});
    const bool last = &rule == &deciding.policy->rules.back();
    return {FirstSignal(rule),
            last ? "[default]" : absl::StrCat("rule ", rule.name)};
  }
  const std::vector<uint64_t> cgroups =
      CgroupIdsOf(policy_access, blocker.cgroup);
  for (const klpx_rule& row : deciding.rows) {
    const bool inside =
        row.cgroup == 0 ||
        std::find(cgroups.begin(), cgroups.end(), row.cgroup) != cgroups.end();
    if (!inside || !klpx_rule_fits(&row, &blocker.info, uid)) continue;
    return {FirstSignalOf(row), "a rule in the kernel"};
  }
  return PushPlan();
}

}  // namespace

uint32_t RealUidOf(Kernel& kernel, const klpx_task_key& key) {
  const auto text = kernel.ReadFile(absl::StrCat("/proc/", key.tid, "/status"));
  if (!text.ok() || !IsThatTask(kernel, key)) return 0;
  const std::optional<TaskUids> uids = ParseUids(*text);
  return uids ? uids->real : 0;
}

std::vector<uint64_t> CgroupIdsOf(PolicyAccess& policy_access,
                                  const std::string& path) {
  std::vector<std::string> paths = {"/"};
  for (std::string at = path; at.size() > 1 && at.front() == '/';
       at.resize(at.rfind('/'))) {
    paths.push_back(at);
  }
  std::vector<uint64_t> ids;
  for (const auto& [name, id] : policy_access.FindCgroups(paths)) {
    ids.push_back(id);
  }
  return ids;
}

void FollowPolicyThatCounts(Kernel& kernel, PolicyAccess& policy_access,
                            const PatchFile& file, Forecast& forecast) {
  // Only klpx.ko follows rules.
  if (!RowOf(file.engine).pushes_tasks) return;
  const Deciding deciding = ReadDeciding(kernel, policy_access);
  forecast.decided_by = deciding.by;
  if (!deciding.by.empty()) return;
  FollowPolicy(
      forecast,
      [&](const TaskInTheWay& entry) {
        return PlanBy(kernel, policy_access, deciding,
                      BlockerOf(kernel, file.module, entry.task));
      },
      file.patch && file.patch->model == "stop-machine");
}

}  // namespace klpx
