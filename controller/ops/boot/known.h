// SPDX-License-Identifier: GPL-2.0
// Names of patches that are not loaded: gone, or mistyped?
#ifndef KLPX_CONTROLLER_OPS_BOOT_KNOWN_H_
#define KLPX_CONTROLLER_OPS_BOOT_KNOWN_H_

#include <string>

#include "absl/status/status.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Ok for what is loaded, and for what this machine knows: a file that is there,
// a patch that is accepted or that the history has. To unload such a patch once
// more is no error. Otherwise kNoSuchPatch: a name that was mistyped in a
// script must not look like a success.
absl::Status CheckKnown(Context& context, const std::string& argument);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_KNOWN_H_
