// SPDX-License-Identifier: GPL-2.0
// What a module needs to be loaded at all: the right to load one, and the
// symbols that it takes from the kernel and from other modules.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_DEPENDENCIES_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_DEPENDENCIES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/finding.h"

namespace klpx {

// The imports of the file that /proc/kallsyms does not list. The engine's own
// symbols are left out, because the engine is loaded with the patch.
std::vector<std::string> MissingSymbols(absl::string_view kallsyms,
                                        const PatchFile& file);

// Does CapEff of /proc/self/status allow this process to load modules? Nothing
// if the text has no such line.
std::optional<bool> MayLoadModules(absl::string_view process_status);

struct LoadingFacts {
  bool modules_disabled = false;  // kernel.modules_disabled
  std::optional<bool> may_load;   // CAP_SYS_MODULE
  // Symbols and modules that the file uses and that the kernel lacks.
  std::vector<std::string> missing_symbols;
  std::vector<std::string> absent_modules;
};

// Would the kernel take such a module from this process now?
Findings CheckLoading(const LoadingFacts& facts);

// The first reason why not, for a load that was refused; "" if there is none.
std::string WhyNotLoadable(const LoadingFacts& facts);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_DEPENDENCIES_H_
