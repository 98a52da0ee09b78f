// SPDX-License-Identifier: GPL-2.0
// The daemon: handles every transition of this machine that no klp-controller
// waits for. docs/DAEMON.md says what that includes.
#ifndef KLPX_CONTROLLER_DAEMON_DAEMON_H_
#define KLPX_CONTROLLER_DAEMON_DAEMON_H_

#include <string>

#include "absl/status/statusor.h"
#include "controller/ops/entry/context.h"

namespace klpx {

// Runs until it is told to stop. kRefused if a daemon is already running.
absl::StatusOr<int> RunDaemon(Context& context, const std::string& version);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_DAEMON_H_
