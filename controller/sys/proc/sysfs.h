// SPDX-License-Identifier: GPL-2.0
// The sysfs directories of the engines (docs/SYSFS.md, and the kernel's own ABI
// documents) as typed reads and writes. A patch has the name of its module, so
// one name never stands for patches of two engines.
#ifndef KLPX_CONTROLLER_SYS_PROC_SYSFS_H_
#define KLPX_CONTROLLER_SYS_PROC_SYSFS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/model.h"
#include "controller/core/history/history_settle.h"
#include "controller/core/kernel/kernel_text.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

bool IsModuleLoaded(Kernel& kernel, const std::string& module);
// The same, and neither its init runs nor is it being removed.
bool IsModuleLive(Kernel& kernel, const std::string& module);

// Has it no module_exit()? The kernel removes no such module.
bool IsPermanent(Kernel& kernel, const std::string& module);

// Users of a module; nothing if it is not loaded.
std::optional<uint64_t> RefCount(Kernel& kernel, const std::string& module);

// The number klpx.ko was built with; nothing if it is not loaded.
std::optional<uint64_t> EngineAbi(Kernel& kernel);

// Is the engine there to be asked? Of klpx.ko the ABI has to fit as well.
bool HasEngine(Kernel& kernel, Engine engine);

// Tasks that have been switched since klpx.ko was loaded, in whatever way but
// with the machine stopped. Nothing for an engine that does not count.
std::optional<uint64_t> SwitchedTasks(Kernel& kernel, Engine engine);

// Nothing if no engine has such a patch. What only all patches together tell
// (core/transition/stack.h) is not in it.
std::optional<PatchState> ReadPatch(Kernel& kernel, const std::string& name);

// Engine by engine: patches in the order of the stack, then modules of patches
// that are disabled. Where a kernel does not tell the order of its own engine's
// (before 6.14), it is the one in which their modules were loaded.
std::vector<PatchState> ReadPatches(Kernel& kernel);
std::vector<PatchState> ReadPatches(Kernel& kernel, Engine engine);

// Of the kernel's own engine, with nothing but where they stand.
std::vector<LivepatchFact> ReadLivepatches(Kernel& kernel);

// The patches that are in transition now: one of each engine at most.
std::vector<PatchState> FindTransitions(Kernel& kernel);
// The first of them; the one of an engine.
std::optional<PatchState> FindTransition(Kernel& kernel);
std::optional<PatchState> FindTransition(Kernel& kernel, Engine engine);

// Writes an attribute of a patch; the error carries the errno.
absl::Status WriteAttribute(Kernel& kernel, const std::string& patch,
                            absl::string_view attribute,
                            absl::string_view value);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_SYSFS_H_
