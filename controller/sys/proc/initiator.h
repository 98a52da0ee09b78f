// SPDX-License-Identifier: GPL-2.0
// Who runs this process: the user, who he logged in as, from where.
#ifndef KLPX_CONTROLLER_SYS_PROC_INITIATOR_H_
#define KLPX_CONTROLLER_SYS_PROC_INITIATOR_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "controller/core/history/history.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// by: "cli", "daemon".
Initiator ReadInitiator(Kernel& kernel, absl::string_view by,
                        absl::string_view verb);

// When a process started, in clock ticks since boot; nothing if there is none.
std::optional<uint64_t> ProcessStart(Kernel& kernel, uint32_t pid);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_INITIATOR_H_
