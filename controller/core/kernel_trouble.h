// SPDX-License-Identifier: GPL-2.0
// Does the kernel's log say that the kernel itself went wrong? Records of
// /dev/kmsg in, the first complaint out. What user space writes into that log
// is never one, whatever it says.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_TROUBLE_H_
#define KLPX_CONTROLLER_CORE_KERNEL_TROUBLE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

// Is this line how the kernel begins to report a BUG, WARNING, Oops, lockup,
// stall, hung task, or what a sanitizer found?
bool IsTrouble(absl::string_view line);

// The first such line since the last transition into the patch was complete.
// The engine's own record of that is where reading begins; where it has been
// overwritten, the record's time in CLOCK_MONOTONIC decides, which the clock of
// the log follows within some milliseconds.
std::optional<std::string> FindTrouble(absl::string_view kmsg,
                                       absl::string_view patch,
                                       int64_t completed_ns);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_TROUBLE_H_
