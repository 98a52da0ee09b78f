// SPDX-License-Identifier: GPL-2.0
// Finds the patch that an argument of the command line means.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_RESOLVE_H_
#define KLPX_CONTROLLER_OPS_KERNEL_RESOLVE_H_

#include <string>

#include "absl/status/statusor.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// The module name for a name or for the path of a .ko file. A file's content
// decides, not its name, unless the file no longer exists. kNoSuchPatch if the
// argument cannot be a name, kNotAModule if the file is not a module.
absl::StatusOr<std::string> ResolveName(Kernel& kernel,
                                        const std::string& argument);

// The error of verbs that take patches only, for "klpx".
absl::Status EngineIsNoPatch();

// A patch that is registered with the engine or whose module is loaded.
absl::StatusOr<PatchState> ResolvePatch(Kernel& kernel,
                                        const std::string& argument);

// The same, for a patch in transition; an empty argument means the only one.
// kNoTransition if there is none, kUsage if each engine has one.
absl::StatusOr<PatchState> ResolveInTransition(Kernel& kernel,
                                               const std::string& argument);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_RESOLVE_H_
