// SPDX-License-Identifier: GPL-2.0
// /proc/modules: loaded modules in order, with their marks.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_MODULE_LIST_H_
#define KLPX_CONTROLLER_CORE_KERNEL_MODULE_LIST_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace klpx {

struct LoadedModule {
  std::string name;
  // Marked livepatch=Y: the taint 'K'.
  bool is_livepatch = false;
  // It has no module_exit(), so the kernel cannot remove it.
  bool is_permanent = false;
};

// In the order of loading. Lines that cannot be parsed are left out.
std::vector<LoadedModule> ParseModules(absl::string_view text);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_MODULE_LIST_H_
