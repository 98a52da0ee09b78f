// SPDX-License-Identifier: GPL-2.0
// From what the user wrote to a patch that the engine has.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_RESOLVE_H_
#define KLPX_CONTROLLER_OPS_KERNEL_RESOLVE_H_

#include <string>

#include "absl/status/statusor.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// The module name for a name or the path of a .ko file: what is in the file
// counts, not what it is called; of a file that is gone its name is all there
// is. kNoSuchPatch if it cannot be a name, kNotAModule if it is no module.
absl::StatusOr<std::string> ResolveName(Context& context,
                                        const std::string& argument);

// What a verb for patches answers to "klpx".
absl::Status EngineIsNoPatch();

// A patch that is registered with the engine or whose module is loaded.
absl::StatusOr<PatchState> ResolvePatch(Context& context,
                                        const std::string& argument);

// The same; with an empty argument the patch that is in transition.
// kNoTransition if that is none, kUsage if it is one of each engine.
absl::StatusOr<PatchState> ResolveInTransition(Context& context,
                                               const std::string& argument);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_RESOLVE_H_
