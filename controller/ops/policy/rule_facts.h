// SPDX-License-Identifier: GPL-2.0
// The facts about one task that the rules of a policy match, from /proc and the
// cgroups: used to predict what a policy will do, and to find out which tasks
// it exempts from a signal by hand.
#ifndef KLPX_CONTROLLER_OPS_POLICY_RULE_FACTS_H_
#define KLPX_CONTROLLER_OPS_POLICY_RULE_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/forecast.h"
#include "controller/sys/bpf/policy_access.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// The real uid of a task, as the rules in the kernel see it; 0 if the task has
// exited.
uint32_t RealUidOf(Kernel& kernel, const klpx_task_key& key);

// The ids of a task's cgroup and of all above it.
std::vector<uint64_t> CgroupIdsOf(PolicyAccess& policy_access,
                                  const std::string& path);

// Makes a forecast for this patch follow the policy that will be in force: the
// attached one, or else that of the file, which an enable attaches.
void FollowPolicyThatCounts(Kernel& kernel, PolicyAccess& policy_access,
                            const PatchFile& file, Forecast& forecast);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_POLICY_RULE_FACTS_H_
