// SPDX-License-Identifier: GPL-2.0
// What the controller knows about a machine and its patches at one moment.
// Plain data: sys/ fills it, the reports show it. Unknown is nullopt, never 0.
#ifndef KLPX_CONTROLLER_CORE_BASE_MACHINE_H_
#define KLPX_CONTROLLER_CORE_BASE_MACHINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/engine.h"

namespace klpx {

struct Host {
  std::string name;
  std::string boot_id;
  std::string kernel;
  absl::Time time;
  int64_t monotonic_ns = 0;
};

struct FunctionState {
  std::string name;
  std::string sympos;
  // The patch that has the newest version; "" if not known.
  std::string owner = {};
};

struct ObjectState {
  std::string name;
  std::optional<bool> patched;
  std::vector<FunctionState> functions;
  std::vector<std::string> callbacks = {};  // those that are set
};

// What a patch changes in the system besides code (struct klpx_state).
struct SystemState {
  uint64_t id = 0;
  std::string name;
  std::optional<uint64_t> version;
  bool block_disable = false;
  bool is_shadow = false;
  std::vector<std::string> callbacks;  // those that are set
};

// According to the history, tasks were switched unchecked in this boot, and may
// still run the code from before.
struct ForceMark {
  int64_t transition = 0;  // its id in the history
  // Tasks were forced out of the patch; else into it. Nothing: not known.
  std::optional<bool> out_of_it;
  uint64_t tasks = 0;
};

struct PatchState {
  std::string name;
  Engine engine = Engine::kKlpx;
  // Made for the kernel's own livepatch, and run by klpx.
  bool adopted = false;
  // False: the module is loaded, but the engine has no such patch, or no
  // longer.
  bool registered = false;
  bool enabled = false;
  bool transition = false;
  // Single tasks can be signalled: by its engine, or by klpx.ko on its behalf.
  bool takes_signals = false;
  std::optional<bool> replace;
  std::optional<bool> forced;
  std::optional<uint64_t> stack_order;
  std::optional<uint64_t> tasks;
  std::optional<uint64_t> pending;
  std::optional<uint64_t> elapsed_ms;
  std::optional<uint64_t> retries;
  // Its module has no module_exit(): it can be disabled, but never removed.
  bool permanent = false;
  // References to the module, if it is loaded but not registered.
  std::optional<uint64_t> refcount;
  std::string version;
  std::string model;  // "tasks", "stop-machine"
  std::optional<uint64_t> replace_set;
  std::vector<ObjectState> objects;
  std::vector<SystemState> states;
  // During an atomic replace: the patch that replaces this one, and the patches
  // that this one replaces. These stay enabled until the transition ends.
  std::string replaced_by;
  std::vector<std::string> replaces;
  std::vector<ForceMark> forces = {};
};

// "enabled", "enabling", "disabling", "disabled".
absl::string_view StateWord(const PatchState& patch);

// "klpx", "kernel"; "klpx (adopted)" for a patch that was made for the kernel's
// own livepatch.
std::string EngineWords(Engine engine, bool adopted);

size_t FunctionCount(const PatchState& patch);

// True if nothing uses the module any more, so that it can be unloaded.
bool IsRemovable(const PatchState& patch);

// A task that has not switched, with what /proc adds to the engine's data.
struct Blocker {
  klpx_task_info info = {};
  std::string cgroup;
  std::string cmdline;
  std::vector<std::string> stack;
  std::optional<uint32_t> uid = std::nullopt;  // the effective one
  std::string user = {};  // its name on this machine, or ""
};

// What the observer received, and what it had to drop.
struct LossCounters {
  uint64_t events = 0;       // reports from the engine
  uint64_t events_lost = 0;  // reports for which its program did not run
  uint64_t state_lost = 0;
  uint64_t read_failed = 0;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_MACHINE_H_
