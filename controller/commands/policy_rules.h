// SPDX-License-Identifier: GPL-2.0
// The rules of a policy file, on their way into the kernel.
#ifndef KLPX_CONTROLLER_COMMANDS_POLICY_RULES_H_
#define KLPX_CONTROLLER_COMMANDS_POLICY_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/commands/context.h"
#include "controller/core/policy.h"

namespace klpx {

inline constexpr char kPolicyFile[] = "/etc/klpx/policy.toml";

// "" stands for kPolicyFile, which need not exist: nullopt then.
absl::StatusOr<std::optional<Policy>> ReadPolicy(Context& context,
                                                 const std::string& path);

// Puts the rules of the file into effect; returns warnings.
absl::StatusOr<std::vector<std::string>> ApplyPolicy(Context& context,
                                                     const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_COMMANDS_POLICY_RULES_H_
