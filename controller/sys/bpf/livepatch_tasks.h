// SPDX-License-Identifier: GPL-2.0
// Reads which tasks hold up a transition of the kernel's own livepatch, by BPF
// programs that run on demand and are unloaded with this object. The tasks are
// also stored in the pinned map task_state, which keeps since when they block.
#ifndef KLPX_CONTROLLER_SYS_BPF_LIVEPATCH_TASKS_H_
#define KLPX_CONTROLLER_SYS_BPF_LIVEPATCH_TASKS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/core/transition/livepatch_reason.h"

namespace klpx {

class LivepatchTasks {
 public:
  virtual ~LivepatchTasks() = default;

  // The blocking tasks; empty if nothing is in transition. Leaves an entry
  // alone that the observer of klpx.ko has made for the same task.
  virtual absl::StatusOr<std::vector<klpx_task_info>> Read() = 0;

  virtual absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key& key) = 0;

  // The number of tasks that did not fit in the map.
  virtual uint64_t state_lost() const = 0;
};

// Loads the programs; fails with kBpfRefused, kNotPermitted or kKernelLacks.
absl::StatusOr<std::unique_ptr<LivepatchTasks>> OpenLivepatchTasks();

// Does the kernel have this engine? Is one of its patches in transition?
bool HasLivepatch();
bool LivepatchMoves();

// Removes the entries of an earlier transition from the map.
void ForgetLivepatchTasks();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_LIVEPATCH_TASKS_H_
