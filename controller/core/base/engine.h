// SPDX-License-Identifier: GPL-2.0
// The two engines that replace functions of a running kernel, and what each can
// do: the one table that the verbs use. A patch belongs to the engine whose
// symbol its module imports.
#ifndef KLPX_CONTROLLER_CORE_BASE_ENGINE_H_
#define KLPX_CONTROLLER_CORE_BASE_ENGINE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
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
  absl::string_view name;  // for users
  // Has one directory per patch; "" if there is none.
  absl::string_view sysfs_dir;
  // Is it a module (klpx.ko) that must be loaded with a matching ABI?
  bool is_module;
  // Does it count tasks, tell the elapsed time, and remember transitions?
  bool keeps_records;
  // Does it have the attributes signal, signal_task, force_task and kick?
  bool pushes_tasks;
  // The name of its callback in enabled_functions of tracefs.
  absl::string_view handler;
};

// In the order of the enumerators.
inline constexpr EngineRow kEngineTable[] = {
    {Engine::kKlpx, "klpx", "klpx", KLPX_SYSFS_DIR, true, true, true,  // ours
     "[klpx]"},
    {Engine::kKernel, "kernel", "the kernel's own livepatch",
     "/sys/kernel/livepatch", false, false, false,  // theirs
     "klp_ftrace_handler"},
    {Engine::kNone, "none", "no engine", "", false, false, false, ""},
};

// Without a policy, either engine sends every blocking task a fake signal this
// often.
inline constexpr absl::Duration kSignalEvery =
    absl::Milliseconds(KLPX_SIGNAL_EVERY_MS);

// "every 15 s", for messages.
inline std::string SignalPaceWords() {
  return absl::StrCat("every ", KLPX_SIGNAL_EVERY_MS / 1000, " s");
}

constexpr const EngineRow& RowOf(Engine engine) {
  return kEngineTable[static_cast<int>(engine)];
}

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_ENGINE_H_
