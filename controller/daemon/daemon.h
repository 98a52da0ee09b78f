// SPDX-License-Identifier: GPL-2.0
// The daemon: sees to every transition of this machine that nobody waits for.
// docs/DAEMON.md says what that comes to.
#ifndef KLPX_CONTROLLER_DAEMON_DAEMON_H_
#define KLPX_CONTROLLER_DAEMON_DAEMON_H_

#include <string>

#include "absl/status/statusor.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Until it is told to stop. kRefused if there is one already.
absl::StatusOr<int> RunDaemon(Context& context, const std::string& version);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_DAEMON_H_
