// SPDX-License-Identifier: GPL-2.0
// Which tasks a policy never has signalled: those that treat an interrupted
// system call as fatal. For what people do by hand; in the kernel the rules
// themselves see to it (bpf/rules.h).
#ifndef KLPX_CONTROLLER_CORE_POLICY_POLICY_SPARES_H_
#define KLPX_CONTROLLER_CORE_POLICY_POLICY_SPARES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/policy/policy.h"

namespace klpx {

// What a rule goes by.
struct RuleSubject {
  klpx_task_info info = {};
  uint32_t uid = 0;
  std::string cgroup;  // path from the root of the hierarchy
};

// The rule that names a task and has it never signalled; null if it may be.
// What [default] leaves alone is named by nobody: a person may signal it.
const PolicyRule* SparingRule(const Policy& policy, const RuleSubject& task);

// The rule that decides about a task; [default]'s if no other does.
const PolicyRule& DecidingRule(const Policy& policy, const RuleSubject& task);

// When the engine first signals a task by this rule; nothing: never.
std::optional<absl::Duration> FirstSignal(const PolicyRule& rule);

// Is there such a rule at all?
bool SparesAnyone(const Policy& policy);

// The same by the rows that are in the kernel, where the file they came from
// can no longer be read. `cgroups`: the ids of the task's own and of those
// above it.
bool IsSparedByRows(const std::vector<klpx_rule>& rows,
                    const klpx_task_info& info, uint32_t uid,
                    const std::vector<uint64_t>& cgroups);
bool RowsSpareAnyone(const std::vector<klpx_rule>& rows);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_POLICY_SPARES_H_
