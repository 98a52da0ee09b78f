// SPDX-License-Identifier: GPL-2.0
// From what the user wrote to a patch that the engine has.
#ifndef KLPX_CONTROLLER_COMMANDS_RESOLVE_H_
#define KLPX_CONTROLLER_COMMANDS_RESOLVE_H_

#include <string>

#include "absl/status/statusor.h"
#include "controller/commands/context.h"

namespace klpx {

// The module name for a name or .ko path; kNoSuchPatch if it cannot be one.
absl::StatusOr<std::string> ResolveName(const std::string& argument);

// A patch that is registered with the engine or whose module is loaded.
absl::StatusOr<PatchState> ResolvePatch(Context& context,
                                        const std::string& argument);

// The same; with an empty argument the patch that is in transition.
// kNoTransition if that is none, kUsage if it is one of each engine.
absl::StatusOr<PatchState> ResolveInTransition(Context& context,
                                               const std::string& argument);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_COMMANDS_RESOLVE_H_
