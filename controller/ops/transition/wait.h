// SPDX-License-Identifier: GPL-2.0
// Waits for a transition and shows how it goes. What it waits for is in the
// kernel: to be killed here, or to lose a race, leaves nothing undone.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_WAIT_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_WAIT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/core/transition/progress.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

struct WaitOptions {
  bool no_wait = false;
  absl::Duration timeout = absl::InfiniteDuration();
  // Turn the transition round when the time is up, rather than leave it.
  bool reverse_on_timeout = false;
  // Force it then; only where a policy's deadline says so.
  bool force_on_timeout = false;
  // The operator allows a policy to do that.
  bool may_force = false;
  // Why a patch that has gone in is not watched by the health gate; "": it is.
  std::string gate_off;
  // SwitchedTasks() before the transition was started. A disabled patch may be
  // gone, with its count of tasks, before it can be read.
  std::optional<uint64_t> switched_before;
};

// Until the patch has arrived where patching says. kStillRunning when the time
// is up or the user interrupts, kReversed when it goes the other way.
absl::StatusOr<Progress> WaitForTransition(Context& context,
                                           const std::string& patch,
                                           bool patching,
                                           const WaitOptions& options);

// With the deadline of kPolicyFile, where options have no timeout. A file that
// cannot be used is a warning.
WaitOptions WithDeadline(Context& context, const std::string& patch,
                         WaitOptions options);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_WAIT_H_
