// SPDX-License-Identifier: GPL-2.0
// Does the kernel's log report a fault of the kernel itself? Records of
// /dev/kmsg in, the first complaint out. Records that user space wrote never
// count. Lines of the kernel count only if no user can have chosen their words:
// some begin with the name of a process (15 characters), which any user can
// set.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_KERNEL_TROUBLE_H_
#define KLPX_CONTROLLER_CORE_KERNEL_KERNEL_TROUBLE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

// Does a kernel report of a BUG, WARNING, Oops, lockup, stall, hung task, or of
// a sanitizer begin with this line?
bool IsTrouble(absl::string_view line);

// The same, but the match is longer than the name of a process can be.
bool IsTroubleForCertain(absl::string_view line);

// The first such line since the last transition into the patch completed.
// `proven`: the kernel's counters show that there was trouble
// (kernel_evidence.h), so any such line counts; otherwise only a certain one,
// or the two lines of a hung task. Reading begins at the engine's message of
// the completion. If that has been overwritten, completed_ns (CLOCK_MONOTONIC)
// decides, which the clock of the log follows within some milliseconds.
std::optional<std::string> FindTrouble(absl::string_view kmsg,
                                       absl::string_view patch,
                                       int64_t completed_ns, bool proven);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_KERNEL_TROUBLE_H_
