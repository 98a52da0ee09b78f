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
  int64_t ended_ns = 0;  // 0: it is running
  std::string patch;
  bool patched = true;  // the current direction
  uint64_t reversals = 0;
  uint64_t tasks = 0;
  uint64_t signals = 0;
  uint64_t forced = 0;
};

// The direction when it started.
bool StartedForPatched(const RecentTransition& transition);

// The oldest first. Lines that cannot be parsed are left out.
std::vector<RecentTransition> ParseRecent(absl::string_view text);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_RECENT_TRANSITIONS_H_
