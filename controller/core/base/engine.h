// SPDX-License-Identifier: GPL-2.0
// The two engines that replace functions of a running kernel, and what each can
// be asked for: the one table that the verbs go by. A patch belongs to one of
// them, for the symbol that its module imports decides.
#ifndef KLPX_CONTROLLER_CORE_BASE_ENGINE_H_
#define KLPX_CONTROLLER_CORE_BASE_ENGINE_H_

#include "absl/strings/string_view.h"
#include "controller/core/base/abi.h"

namespace klpx {

enum class Engine {
  kKlpx,    // imports klpx_enable_patch
  kKernel,  // imports klp_enable_patch: the kernel's own livepatch
  kNone,    // not a patch
};

struct EngineRow {
  Engine engine;
  absl::string_view word;  // in JSON and in the history
  absl::string_view name;  // for people
  // One directory a patch; "" if there is no such thing.
  absl::string_view sysfs_dir;
  // A module (klpx.ko) that has to be loaded, of this ABI.
  bool is_module;
  // Does it count its tasks, say how long it has taken, remember transitions?
  bool keeps_records;
  // Attributes signal, signal_task, force_task and kick: single tasks, now.
  bool pushes_tasks;
  // What enabled_functions of tracefs names as its callback.
  absl::string_view handler;
};

// The order is that of the enumerators.
inline constexpr EngineRow kEngineTable[] = {
    {Engine::kKlpx, "klpx", "klpx", KLPX_SYSFS_DIR, true, true, true,  // ours
     "[klpx]"},
    {Engine::kKernel, "kernel", "the kernel's own livepatch",
     "/sys/kernel/livepatch", false, false, false,  // theirs
     "klp_ftrace_handler"},
    {Engine::kNone, "none", "no engine", "", false, false, false, ""},
};

constexpr const EngineRow& RowOf(Engine engine) {
  return kEngineTable[static_cast<int>(engine)];
}

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_ENGINE_H_
