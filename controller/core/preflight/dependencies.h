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

// Those of the file's imports that no line of /proc/kallsyms names; the
// engine's own are left out, for it is loaded with the patch.
std::vector<std::string> MissingSymbols(absl::string_view kallsyms,
                                        const PatchFile& file);

// What stands in /proc/self/status behind CapEff: may this process load
// modules? Nothing if it is not said.
std::optional<bool> MayLoadModules(absl::string_view process_status);

struct LoadingFacts {
  bool modules_disabled = false;  // kernel.modules_disabled
  std::optional<bool> may_load;   // CAP_SYS_MODULE
  // Of the symbols and modules that the file uses: those that are not there.
  std::vector<std::string> missing_symbols;
  std::vector<std::string> absent_modules;
};

// Would the kernel take such a module from this process now?
Findings CheckLoading(const LoadingFacts& facts);

// The same as one sentence, for a load that was refused; "" if it would.
std::string WhyNotLoadable(const LoadingFacts& facts);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_DEPENDENCIES_H_
