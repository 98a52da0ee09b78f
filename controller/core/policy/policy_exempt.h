// SPDX-License-Identifier: GPL-2.0
// Which tasks a policy exempts from signals, for instance because they treat an
// interrupted system call as fatal. This is for verbs that users run; in the
// kernel the rules themselves exempt them (bpf/rules.h).
#ifndef KLPX_CONTROLLER_CORE_POLICY_POLICY_EXEMPT_H_
#define KLPX_CONTROLLER_CORE_POLICY_POLICY_EXEMPT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/policy/policy.h"

namespace klpx {

// What a rule is matched against.
struct RuleSubject {
  klpx_task_info info = {};
  uint32_t uid = 0;
  std::string cgroup;  // path from the root of the hierarchy
};

// The rule that names a task and never signals it; null if it may be signalled.
// [default] names no task, so a user may signal what it leaves alone.
const PolicyRule* ExemptingRule(const Policy& policy, const RuleSubject& task);

// The rule that decides about a task; [default] if no other does.
const PolicyRule& DecidingRule(const Policy& policy, const RuleSubject& task);

// When this rule first has a task signalled; nothing: never.
std::optional<absl::Duration> FirstSignal(const PolicyRule& rule);

// Does any rule exempt tasks?
bool ExemptsAnyone(const Policy& policy);

// ExemptingRule() by the rows in the kernel, for when their file cannot be read
// any more. `cgroups`: the ids of the task's cgroup and of those above it.
bool IsExemptByRows(const std::vector<klpx_rule>& rows,
                    const klpx_task_info& info, uint32_t uid,
                    const std::vector<uint64_t>& cgroups);
bool RowsExemptAnyone(const std::vector<klpx_rule>& rows);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_POLICY_EXEMPT_H_
