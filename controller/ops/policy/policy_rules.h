// SPDX-License-Identifier: GPL-2.0
// Reads the policy file, and puts its rules into effect in the kernel.
#ifndef KLPX_CONTROLLER_OPS_POLICY_POLICY_RULES_H_
#define KLPX_CONTROLLER_OPS_POLICY_POLICY_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/core/policy/policy.h"
#include "controller/sys/bpf/policy_access.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

inline constexpr char kPolicyFile[] = "/etc/klpx/policy.toml";

// "" stands for kPolicyFile; nullopt if that does not exist.
absl::StatusOr<std::optional<Policy>> ReadPolicy(Kernel& kernel,
                                                 const std::string& path);

// Puts the rules of the file into effect; returns warnings.
absl::StatusOr<std::vector<std::string>> ApplyPolicy(
    Kernel& kernel, PolicyAccess& policy_access, const std::string& path);

// The same for kPolicyFile, if it exists and no policy is attached: an attached
// policy is what the user wanted. For an engine that takes no rules, the file
// is only read, for its mistakes and for its deadline.
absl::StatusOr<std::vector<std::string>> ApplyIfNone(
    Kernel& kernel, PolicyAccess& policy_access, Engine engine);

// The same, for verbs that must not fail because of the policy: a file that
// cannot be used is a warning, and the engine's own timing applies.
std::vector<std::string> ApplyIfPossible(Kernel& kernel,
                                         PolicyAccess& policy_access,
                                         Engine engine);

// The name of the attached policy, "" if there is none.
std::string AttachedPolicy(Kernel& kernel);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_POLICY_POLICY_RULES_H_
