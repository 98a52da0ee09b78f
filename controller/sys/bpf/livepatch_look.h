// SPDX-License-Identifier: GPL-2.0
// Looks at who holds up a transition of the kernel's own livepatch, through BPF
// programs that run when asked and are gone with the look. What is found also
// goes into the pinned map task_state, which remembers since when.
#ifndef KLPX_CONTROLLER_SYS_BPF_LIVEPATCH_LOOK_H_
#define KLPX_CONTROLLER_SYS_BPF_LIVEPATCH_LOOK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/core/transition/unswitched.h"

namespace klpx {

class LivepatchLook {
 public:
  virtual ~LivepatchLook() = default;

  // Empty if nothing is in transition. An entry that the observer of klpx has
  // made of the same task is left alone.
  virtual absl::StatusOr<std::vector<klpx_task_info>> Look() = 0;

  virtual absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key& key) = 0;

  // Tasks that the map did not take.
  virtual uint64_t state_lost() const = 0;
};

// Loads the programs. kBpfRefused, kNotPermitted or kKernelLacks say why not.
absl::StatusOr<std::unique_ptr<LivepatchLook>> OpenLivepatchLook();

// Does the kernel have that engine, and is one of its patches in transition?
bool HasLivepatch();
bool LivepatchMoves();

// Nothing is in transition: entries of an earlier one go from the map.
void ForgetLivepatchTasks();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_LIVEPATCH_LOOK_H_
