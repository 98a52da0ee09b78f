// SPDX-License-Identifier: GPL-2.0
// The end of each verb that starts a transition or waits for one: waits, runs
// the health check of an enabled patch, and prints the result.
#ifndef KLPX_CONTROLLER_VERBS_FINISH_H_
#define KLPX_CONTROLLER_VERBS_FINISH_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/console/warnings.h"
#include "controller/ops/transition/supervisor.h"
#include "controller/ops/transition/wait.h"

namespace klpx {

// A verb that has started a transition, or found one.
struct Ending {
  absl::string_view verb;
  std::string patch;
  bool patching;
  WaitOptions wait;
};

// Waits, unless told not to, and prints the result of the verb, with these
// warnings in it. If the options have no timeout, the deadline of the policy
// file applies.
absl::StatusOr<int> FinishTransition(const Supervisor& supervisor,
                                     const BootFiles& boot,
                                     const Ending& ending, Warnings warnings);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VERBS_FINISH_H_
