// SPDX-License-Identifier: GPL-2.0
// The server holds nothing that could change a machine: no root, no capability,
// no way to get either, and that is verified before the first request.
#ifndef KLPX_CONTROLLER_WEB_PRIVILEGES_H_
#define KLPX_CONTROLLER_WEB_PRIVILEGES_H_

#include "absl/status/status.h"

namespace klpx {

// Of root becomes nobody, in group klpx if there is one, so that the snapshot
// can be read. Then gives up all capabilities, and fails if something is left.
absl::Status DropPrivileges();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_PRIVILEGES_H_
