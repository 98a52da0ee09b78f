// SPDX-License-Identifier: GPL-2.0
// What verbs say to a user who is not root.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_REQUIRE_ROOT_H_
#define KLPX_CONTROLLER_OPS_KERNEL_REQUIRE_ROOT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// Fails with kNotPermitted unless root.
absl::Status RequireRoot(Kernel& kernel, absl::string_view operation);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_REQUIRE_ROOT_H_
