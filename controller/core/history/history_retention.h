// SPDX-License-Identifier: GPL-2.0
// How much history is kept. Pure: history/ counts and deletes.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_RETENTION_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_RETENTION_H_

#include <cstdint>

namespace klpx {

struct HistoryLimits {
  uint64_t transitions = 10000;
  uint64_t bytes = uint64_t{64} << 20;
  // Of one transition. What is beyond is counted, not kept.
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

// How many of the oldest transitions are to go before one comes. Those that
// run, and those with forced tasks in this boot, are not among them; forced
// ones of earlier boots go last.
uint64_t CountToPrune(const HistoryUsage& usage, const HistoryLimits& limits);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_RETENTION_H_
