// SPDX-License-Identifier: GPL-2.0
// Reads policy.toml, which docs/POLICY.md describes.
#ifndef KLPX_CONTROLLER_CORE_POLICY_POLICY_FILE_H_
#define KLPX_CONTROLLER_CORE_POLICY_POLICY_FILE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/policy/policy.h"

namespace klpx {

// On error, has a line "NAME:LINE: what is wrong" for every mistake.
absl::StatusOr<Policy> ParsePolicy(absl::string_view text,
                                   absl::string_view name);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_POLICY_FILE_H_
