// SPDX-License-Identifier: GPL-2.0
// Finds the patch that an argument of the command line means.
#include "controller/ops/kernel/resolve.h"

#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/base/text.h"
#include "controller/core/patch/patch_file.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/module_file.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {

namespace {

absl::StatusOr<std::string> NameOf(Kernel& kernel,
                                   const std::string& argument) {
  if (!IsPath(argument)) return ModuleName(argument);
  absl::StatusOr<std::string> bytes = kernel.ReadFile(argument);
  if (ErrnoOf(bytes.status()) == ENOENT) return ModuleName(argument);
  if (bytes.ok()) bytes = Decompress(*std::move(bytes));
  absl::StatusOr<std::string> name =
      bytes.ok() ? ModuleNameOf(*std::move(bytes)) : bytes.status();
  if (name.ok()) return name;
  return Annotate(name.status(), absl::StrCat("'", Printable(argument), "'"));
}

}  // namespace

absl::StatusOr<std::string> ResolveName(Kernel& kernel,
                                        const std::string& argument) {
  absl::StatusOr<std::string> name = NameOf(kernel, argument);
  if (!name.ok()) return name;
  if (IsValidModuleName(*name)) return name;
  return Error(ErrorKind::kNoSuchPatch, "'", Printable(argument),
               "': not a patch name; 'klp-controller list' shows those that "
               "are loaded");
}

absl::Status EngineIsNoPatch() {
  return Error(ErrorKind::kNotAPatch,
               "'klpx': klpx.ko is the engine, not a patch; "
               "'klp-controller enable PATCH.ko' loads it as needed, and "
               "'klp-controller unload klpx' removes it");
}

absl::StatusOr<PatchState> ResolvePatch(Kernel& kernel,
                                        const std::string& argument) {
  const absl::StatusOr<std::string> name = ResolveName(kernel, argument);
  if (!name.ok()) return name.status();
  for (PatchState& patch : ReadPatches(kernel)) {
    if (patch.name == *name) return std::move(patch);
  }
  if (*name == KLPX_MODULE_NAME) return EngineIsNoPatch();
  return Error(ErrorKind::kNoSuchPatch, "'", *name,
               "': no such patch; 'klp-controller list' shows those that are "
               "loaded");
}

absl::StatusOr<PatchState> ResolveInTransition(Kernel& kernel,
                                               const std::string& argument) {
  if (!argument.empty()) {
    absl::StatusOr<PatchState> patch = ResolvePatch(kernel, argument);
    if (!patch.ok() || patch->transition) return patch;
    return Error(ErrorKind::kNoTransition, "'", patch->name,
                 "': not in transition, it is ", StateWord(*patch));
  }
  std::vector<PatchState> moving = FindTransitions(kernel);
  if (moving.size() == 1) return std::move(moving.front());
  if (moving.size() > 1) {
    return Error(ErrorKind::kUsage, "both '", moving[0].name, "' (",
                 RowOf(moving[0].engine).name, ") and '", moving[1].name, "' (",
                 RowOf(moving[1].engine).name, ") are in transition; name one");
  }
  return Error(ErrorKind::kNoTransition, "no patch is in transition");
}

}  // namespace klpx
