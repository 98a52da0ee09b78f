// SPDX-License-Identifier: GPL-2.0
// What verbs say to a user who is not root.
#include "controller/ops/kernel/require_root.h"

#include "controller/core/base/error.h"

namespace klpx {

absl::Status RequireRoot(Kernel& kernel, absl::string_view operation) {
  if (kernel.IsRoot()) return absl::OkStatus();
  return Error(ErrorKind::kNotPermitted, operation,
               " needs root; run it with sudo");
}

}  // namespace klpx
