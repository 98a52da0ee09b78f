// SPDX-License-Identifier: GPL-2.0
// What the rules of a policy go by, of one task, from /proc and the cgroups:
// for those that ask what a policy will do, or may not be done by hand.
#ifndef KLPX_CONTROLLER_OPS_POLICY_RULE_FACTS_H_
#define KLPX_CONTROLLER_OPS_POLICY_RULE_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "controller/core/preflight/forecast.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// The real uid of a task, as the rules in the kernel see it; 0 if it is gone.
uint32_t RealUidOf(Kernel& kernel, const klpx_task_key& key);

// The ids of a task's cgroup and of all above it.
std::vector<uint64_t> CgroupIdsOf(Context& context, const std::string& path);

// Has a forecast for this patch follow the policy that will count: the one that
// is attached, or that of the file, which an enable attaches.
void FollowPolicyThatCounts(Context& context, const PatchFile& file,
                            Forecast& forecast);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_POLICY_RULE_FACTS_H_
