// SPDX-License-Identifier: GPL-2.0
// Evidence of trouble that only the kernel can produce: taint and counters.
// Lines of its log are no such evidence, since some begin with the name of a
// process, which any user chooses ("BUG: x[4711]: segfault at ..."). Pure: text
// of the files in, changes out.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_KERNEL_EVIDENCE_H_
#define KLPX_CONTROLLER_CORE_KERNEL_KERNEL_EVIDENCE_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

inline constexpr char kTaintFile[] = "/proc/sys/kernel/tainted";

// Counts of trouble since boot, one per file; which files exist depends on the
// kernel (warn_count and oops_count since 6.2, the others since 6.16).
inline constexpr const char* kCountFiles[] = {
    "/sys/kernel/oops_count",       "/sys/kernel/warn_count",
    "/sys/kernel/softlockup_count", "/sys/kernel/hardlockup_count",
    "/sys/kernel/rcu_stall_count",  "/proc/sys/kernel/hung_task_detect_count",
};

struct KernelEvidence {
  uint64_t taint = 0;                      // only the bits that mean trouble
  std::map<std::string, uint64_t> counts;  // by the name of the file
};

// The bits in the text of kTaintFile that a patch can be blamed for: a bad
// page, an oops, a warning, a soft lockup; not the bits that loading a module
// sets.
uint64_t TroubleTaint(absl::string_view text);

// "taint=512 oops_count=0 warn_count=1", for the history; fields that do not
// parse are left out.
std::string EvidenceText(const KernelEvidence& evidence);
KernelEvidence ParseEvidence(absl::string_view text);

// "warn_count 0 -> 1, tainted W": what was added since; "" if nothing. Taint
// bits stay set, so a second warning shows only in the counters.
std::string Gained(const KernelEvidence& before, const KernelEvidence& now);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_KERNEL_EVIDENCE_H_
