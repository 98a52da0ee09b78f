// SPDX-License-Identifier: GPL-2.0
// The sysfs directories of the engines (docs/SYSFS.md, and the kernel's own ABI
// documents) as typed reads and writes. A patch has the name of its module, so
// two engines never have a patch of the same name. A patch that klpx has
// adopted is one of klpx: its link in the directory of the kernel's own engine
// is passed over.
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
#include "controller/core/base/machine.h"
#include "controller/core/history/history_reconcile.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

bool IsModuleLoaded(Kernel& kernel, const std::string& module);
// The same, but false while its init runs or while it is being removed.
bool IsModuleLive(Kernel& kernel, const std::string& module);

// Does the module lack a module_exit()? The kernel cannot remove such a module.
bool IsPermanent(Kernel& kernel, const std::string& module);

// The number of users of a module; nothing if it is not loaded.
std::optional<uint64_t> RefCount(Kernel& kernel, const std::string& module);

// The ABI version of klpx.ko; nothing if it is not loaded.
std::optional<uint64_t> EngineAbi(Kernel& kernel);

// Is the engine available? The ABI of klpx.ko must match, too.
bool HasEngine(Kernel& kernel, Engine engine);

// The number of tasks switched since klpx.ko was loaded, except by
// stop-machine. Nothing for an engine that does not count.
std::optional<uint64_t> SwitchedTasks(Kernel& kernel, Engine engine);

// Reads one patch; nothing if no engine has it. Lacks what needs all patches,
// that is, the relations of core/transition/patch_stack.h.
std::optional<PatchState> ReadPatch(Kernel& kernel, const std::string& name);

// Reads all patches, engine by engine: first the stack in its order, then the
// modules of disabled patches. Where the kernel does not report the stack order
// of its own engine (before 6.14), the order is that of loading the modules.
std::vector<PatchState> ReadPatches(Kernel& kernel);
std::vector<PatchState> ReadPatches(Kernel& kernel, Engine engine);

// The patches of the kernel's own engine, with no more than their states.
std::vector<LivepatchFact> ReadLivepatches(Kernel& kernel);

// The patches that are in transition now: at most one per engine.
std::vector<PatchState> FindTransitions(Kernel& kernel);
// The first of them; and the one of this engine.
std::optional<PatchState> FindTransition(Kernel& kernel);
std::optional<PatchState> FindTransition(Kernel& kernel, Engine engine);

// Writes an attribute of a patch; the error carries the errno.
absl::Status WriteAttribute(Kernel& kernel, const std::string& patch,
                            absl::string_view attribute,
                            absl::string_view value);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_SYSFS_H_
