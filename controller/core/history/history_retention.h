// SPDX-License-Identifier: GPL-2.0
// How much history is kept. Pure: store/ counts and deletes.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_RETENTION_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_RETENTION_H_

#include <cstdint>

namespace klpx {

struct HistoryLimits {
  uint64_t transitions = 10000;
  uint64_t bytes = uint64_t{64} << 20;
  // Limits for one transition. What exceeds them is counted, not kept.
  uint64_t blockers = 256;
  uint64_t events = 1000;
  uint64_t watches = 64;
  uint64_t stack_frames = 64;
  uint64_t text_bytes = 4096;
};

struct HistoryUsage {
  uint64_t transitions = 0;
  uint64_t bytes = 0;
};

// How many of the oldest transitions to delete before a new one is added.
// Running transitions, and those with forced tasks in this boot, are never
// deleted; those with forced tasks in earlier boots are deleted last.
uint64_t CountToPrune(const HistoryUsage& usage, const HistoryLimits& limits);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_RETENTION_H_
