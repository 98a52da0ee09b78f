// SPDX-License-Identifier: GPL-2.0
// The engine's sysfs directory (docs/SYSFS.md) as typed reads and writes.
#ifndef KLPX_CONTROLLER_SYS_SYSFS_H_
#define KLPX_CONTROLLER_SYS_SYSFS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/kernel_text.h"
#include "controller/core/model.h"
#include "controller/sys/kernel.h"

namespace klpx {

bool IsModuleLoaded(Kernel& kernel, const std::string& module);

// Users of a module; nothing if it is not loaded.
std::optional<uint64_t> RefCount(Kernel& kernel, const std::string& module);

// The number klpx.ko was built with; nothing if it is not loaded.
std::optional<uint64_t> EngineAbi(Kernel& kernel);

// Tasks that have been switched since klpx.ko was loaded, in whatever way but
// with the machine stopped.
std::optional<uint64_t> SwitchedTasks(Kernel& kernel);

// Nothing if the engine has no such patch. What only all patches together tell
// (core/stack.h) is not in it.
std::optional<PatchState> ReadPatch(Kernel& kernel, const std::string& name);

// Patches in the order of the stack, then modules of patches that are disabled.
std::vector<PatchState> ReadPatches(Kernel& kernel);

// The patch that is in transition now.
std::optional<PatchState> FindTransition(Kernel& kernel);

// The functions that patches of ours redirect.
FunctionSet RedirectedFunctions(const std::vector<PatchState>& patches);

// What the kernel's own livepatch redirects, and by which patch.
absl::flat_hash_map<FunctionKey, std::string> ReadLivepatches(Kernel& kernel);

// Writes an attribute of a patch; the error carries the errno.
absl::Status WriteAttribute(Kernel& kernel, const std::string& patch,
                            absl::string_view attribute,
                            absl::string_view value);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_SYSFS_H_
