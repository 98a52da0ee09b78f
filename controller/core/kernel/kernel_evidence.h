// SPDX-License-Identifier: GPL-2.0
// What the kernel alone can make of its own trouble: taint and counters. Lines
// of its log are not of that kind, since some begin with the name of a process,
// which any user chooses ("BUG: x[4711]: segfault at ..."). Pure: text of the
// files in, what has been gained out.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_KERNEL_EVIDENCE_H_
#define KLPX_CONTROLLER_CORE_KERNEL_KERNEL_EVIDENCE_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

inline constexpr char kTaintFile[] = "/proc/sys/kernel/tainted";

// Counts of trouble since boot, each in a file; which there are depends on the
// kernel (warn_count and oops_count since 6.2, the others since 6.16).
inline constexpr const char* kCountFiles[] = {
    "/sys/kernel/oops_count",       "/sys/kernel/warn_count",
    "/sys/kernel/softlockup_count", "/sys/kernel/hardlockup_count",
    "/sys/kernel/rcu_stall_count",  "/proc/sys/kernel/hung_task_detect_count",
};

struct KernelEvidence {
  uint64_t taint = 0;                      // those bits that tell trouble
  std::map<std::string, uint64_t> counts;  // by the name of the file
};

// Of the text of kTaintFile: the bits that a patch can be blamed for, a bad
// page, an oops, a warning, a soft lockup; not those that a module brings.
uint64_t TroubleTaint(absl::string_view text);

// "taint=512 oops_count=0 warn_count=1", to be kept; what does not parse is
// left out.
std::string EvidenceText(const KernelEvidence& evidence);
KernelEvidence ParseEvidence(absl::string_view text);

// "warn_count 0 -> 1, tainted W": what there is now and was not before; "" if
// there is nothing. Taint bits stay set, so the second warning shows in the
// counters alone.
std::string Gained(const KernelEvidence& before, const KernelEvidence& now);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_KERNEL_EVIDENCE_H_
