// SPDX-License-Identifier: GPL-2.0
// Does the kernel's log say that the kernel itself went wrong? Records of
// /dev/kmsg in, the first complaint out. What user space writes into that log
// is never one, whatever it says. The kernel's own lines are believed as far as
// nobody else can have put the words there: some begin with the name of a
// process (15 characters), which any user chooses.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_KERNEL_TROUBLE_H_
#define KLPX_CONTROLLER_CORE_KERNEL_KERNEL_TROUBLE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

// Is this line how the kernel begins to report a BUG, WARNING, Oops, lockup,
// stall, hung task, or what a sanitizer found?
bool IsTrouble(absl::string_view line);

// The same, and too long at its start to be the name of a process.
bool IsTroubleForCertain(absl::string_view line);

// The first such line since the last transition into the patch was complete.
// `proven`: the kernel's counters say that there was trouble
// (kernel_evidence.h), so any sign will do; otherwise only a certain one, or
// the two lines of a hung task.
// The engine's own record of that is where reading begins; where it has been
// overwritten, the record's time in CLOCK_MONOTONIC decides, which the clock of
// the log follows within some milliseconds.
std::optional<std::string> FindTrouble(absl::string_view kmsg,
                                       absl::string_view patch,
                                       int64_t completed_ns, bool proven);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_KERNEL_TROUBLE_H_
