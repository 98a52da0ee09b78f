// SPDX-License-Identifier: GPL-2.0
// The engine's memory of its last transitions: the text of
// /sys/module/klpx/stats/recent (docs/SYSFS.md) as records.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_RECENT_TRANSITIONS_H_
#define KLPX_CONTROLLER_CORE_KERNEL_RECENT_TRANSITIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace klpx {

struct RecentTransition {
  int64_t started_ns = 0;
  int64_t ended_ns = 0;  // 0: it runs
  std::string patch;
  bool patched = true;  // where it goes now
  uint64_t reversals = 0;
  uint64_t tasks = 0;
  uint64_t signals = 0;
  uint64_t forced = 0;
};

// Where it was to go when it started.
bool StartedForPatched(const RecentTransition& transition);

// The oldest first. Lines that are not understood are left out.
std::vector<RecentTransition> ParseRecent(absl::string_view text);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_RECENT_TRANSITIONS_H_
