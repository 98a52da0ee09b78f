// SPDX-License-Identifier: GPL-2.0
// From what the user wrote to a patch that the engine has.
#include "controller/commands/resolve.h"

#include <utility>
#include <vector>

#include "controller/core/error.h"
#include "controller/core/patch_name.h"
#include "controller/core/text.h"
#include "controller/sys/sysfs.h"

namespace klpx {

absl::StatusOr<std::string> ResolveName(const std::string& argument) {
  std::string name = ModuleName(argument);
  if (IsValidModuleName(name)) return name;
  return Error(ErrorKind::kNoSuchPatch, "'", Printable(argument),
               "': not a patch name; 'klp-controller list' shows those that "
               "are loaded");
}

absl::StatusOr<PatchState> ResolvePatch(Context& context,
                                        const std::string& argument) {
  const absl::StatusOr<std::string> name = ResolveName(argument);
  if (!name.ok()) return name.status();
  for (PatchState& patch : ReadPatches(context.kernel)) {
    if (patch.name == *name) return std::move(patch);
  }
  return Error(ErrorKind::kNoSuchPatch, "'", *name,
               "': no such patch; 'klp-controller list' shows those that are "
               "loaded");
}

absl::StatusOr<PatchState> ResolveInTransition(Context& context,
                                               const std::string& argument) {
  if (!argument.empty()) {
    absl::StatusOr<PatchState> patch = ResolvePatch(context, argument);
    if (!patch.ok() || patch->transition) return patch;
    return Error(ErrorKind::kNoTransition, "'", patch->name,
                 "': not in transition, it is ", StateWord(*patch));
  }
  std::vector<PatchState> moving = FindTransitions(context.kernel);
  if (moving.size() == 1) return std::move(moving.front());
  if (moving.size() > 1) {
    return Error(ErrorKind::kUsage, "both '", moving[0].name, "' (",
                 RowOf(moving[0].engine).name, ") and '", moving[1].name, "' (",
                 RowOf(moving[1].engine).name, ") are in transition; name one");
  }
  return Error(ErrorKind::kNoTransition, "no patch is in transition");
}

}  // namespace klpx
