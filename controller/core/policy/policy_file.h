// SPDX-License-Identifier: GPL-2.0
// The reader of policy.toml. docs/POLICY.md is the description of the file.
#ifndef KLPX_CONTROLLER_CORE_POLICY_POLICY_FILE_H_
#define KLPX_CONTROLLER_CORE_POLICY_POLICY_FILE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/policy/policy.h"

namespace klpx {

// kUsage, with a line "NAME:LINE: what is wrong" for every mistake.
absl::StatusOr<Policy> ParsePolicy(absl::string_view text,
                                   absl::string_view name);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_POLICY_FILE_H_
