// SPDX-License-Identifier: GPL-2.0
// Has a loaded module a module_exit()? Without one the kernel never removes it,
// however unused it is.
#ifndef KLPX_CONTROLLER_COMMANDS_MODULE_EXIT_H_
#define KLPX_CONTROLLER_COMMANDS_MODULE_EXIT_H_

#include <optional>
#include <string>
#include <vector>

#include "controller/core/model.h"
#include "controller/sys/kernel.h"

namespace klpx {

// Nothing if that cannot be told.
std::optional<bool> HasModuleExit(Kernel& kernel, const std::string& module);

// Fills in PatchState.has_exit of those that could be unloaded otherwise.
void MarkExits(Kernel& kernel, std::vector<PatchState>& patches);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_COMMANDS_MODULE_EXIT_H_
