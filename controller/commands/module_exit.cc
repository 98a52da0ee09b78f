// SPDX-License-Identifier: GPL-2.0
// Has a loaded module a module_exit()?
#include "controller/commands/module_exit.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace klpx {
namespace {

constexpr char kSymbols[] = "/proc/kallsyms";
// What module_exit() is called in the module (include/linux/module.h).
constexpr absl::string_view kExit = " cleanup_module\t[";

}  // namespace

std::optional<bool> HasModuleExit(Kernel& kernel, const std::string& module) {
  // The section of __exit functions: much cheaper to look for.
  if (kernel.Exists(
          absl::StrCat("/sys/module/", module, "/sections/.exit.text"))) {
    return true;
  }
  const absl::StatusOr<std::string> symbols = kernel.ReadFile(kSymbols);
  // Without CONFIG_KALLSYMS no module is in it.
  if (!symbols.ok() ||
      !absl::StrContains(*symbols, absl::StrCat("\t[", module, "]"))) {
    return std::nullopt;
  }
  return absl::StrContains(*symbols, absl::StrCat(kExit, module, "]"));
}

void MarkExits(Kernel& kernel, std::vector<PatchState>& patches) {
  for (PatchState& patch : patches) {
    if (IsRemovable(patch)) patch.has_exit = HasModuleExit(kernel, patch.name);
  }
}

}  // namespace klpx
