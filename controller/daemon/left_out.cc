// SPDX-License-Identifier: GPL-2.0
// The verb 'daemon' of a controller that is built with KLPX_DAEMON off, as for
// the demo, which has no need to install libsystemd's headers.
#include <string>

#include "controller/core/base/error.h"
#include "controller/daemon/daemon.h"

namespace klpx {

absl::StatusOr<int> RunDaemon(Context& /*context*/,
                              const std::string& /*version*/) {
  return Error(ErrorKind::kFailure,
               "this klp-controller was built without its daemon (KLPX_DAEMON "
               "is off); './run build' and './run install' build it with one");
}

}  // namespace klpx
