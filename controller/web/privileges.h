// SPDX-License-Identifier: GPL-2.0
// Drops every right with which the server could change the machine: it has no
// root, no capability and no way to get either. That is verified before the
// first request.
#ifndef KLPX_CONTROLLER_WEB_PRIVILEGES_H_
#define KLPX_CONTROLLER_WEB_PRIVILEGES_H_

#include "absl/status/status.h"

namespace klpx {

// If started as root, switches to user "nobody", in group klpx if that exists,
// so that the snapshot can be read. Then drops all capabilities, and fails if
// any right is left.
absl::Status DropPrivileges();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_PRIVILEGES_H_
