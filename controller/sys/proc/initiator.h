// SPDX-License-Identifier: GPL-2.0
// Which user runs this process: the uid, the login behind it, and the terminal.
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

// A clock tick of /proc: 1/100 s (USER_HZ).
inline constexpr uint64_t kTickNs = 10'000'000;

// The start time of a process in clock ticks since boot; nothing if there is no
// such process.
std::optional<uint64_t> ProcessStart(Kernel& kernel, uint32_t pid);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_INITIATOR_H_
