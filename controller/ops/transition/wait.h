// SPDX-License-Identifier: GPL-2.0
// Waits for a transition and shows its progress. The transition runs in the
// kernel: if this process is killed or loses a race, nothing is left undone.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_WAIT_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_WAIT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/core/transition/progress.h"
#include "controller/ops/console/console.h"
#include "controller/ops/transition/supervisor.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

struct WaitOptions {
  bool no_wait = false;
  absl::Duration timeout = absl::InfiniteDuration();
  // Reverse the transition when the time is up, rather than leave it running.
  bool reverse_on_timeout = false;
  // Force it then; set only if a policy's deadline says so.
  bool force_on_timeout = false;
  // The user allows a policy's deadline to force.
  bool may_force = false;
  // Why an enabled patch is not watched by the health check; "": it is watched.
  std::string health_check_off;
  // SwitchedTasks() before the transition was started. A disabled patch may be
  // gone, with its count of tasks, before it can be read.
  std::optional<uint64_t> switched_before;
};

// Waits until the patch is enabled, or disabled if `patching` is false.
// kStillRunning when the time is up or the user interrupts, kReversed when the
// transition goes the other way.
absl::StatusOr<Progress> WaitForTransition(const Supervisor& supervisor,
                                           const std::string& patch,
                                           bool patching,
                                           const WaitOptions& options);

// Adds the deadline of kPolicyFile if options have no timeout. A file that
// cannot be used is a warning.
WaitOptions WithDeadline(Kernel& kernel, Console& console,
                         const std::string& patch, WaitOptions options);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_WAIT_H_
