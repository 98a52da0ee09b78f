// SPDX-License-Identifier: GPL-2.0
// The report of 'adopt': does klpx.ko run patches made for the kernel's own
// livepatch, and which patches does it run for that engine?
#ifndef KLPX_CONTROLLER_CORE_REPORT_REPORT_ADOPT_H_
#define KLPX_CONTROLLER_CORE_REPORT_REPORT_ADOPT_H_

#include <optional>
#include <string>
#include <vector>

#include "controller/core/base/machine.h"

namespace klpx {

// klp.adopt/v1.
struct AdoptReport {
  Host host;
  bool engine_loaded = false;  // klpx.ko
  bool kernel_engine = false;  // CONFIG_LIVEPATCH
  // Does it adopt new patches? nullopt: klpx.ko is not loaded, or cannot.
  std::optional<bool> adopts;
  std::string engine_for;  // "MODULE ENGINE": the next load of that module
  std::vector<PatchState> patches;
};

// The names of the patches that klpx has adopted, and of those that are enabled
// on the kernel's own engine.
std::vector<std::string> AdoptedNames(const std::vector<PatchState>& patches);
std::vector<std::string> KernelNames(const std::vector<PatchState>& patches);

std::string AdoptText(const AdoptReport& report);
std::string AdoptJson(const AdoptReport& report);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_REPORT_REPORT_ADOPT_H_
