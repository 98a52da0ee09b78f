// SPDX-License-Identifier: GPL-2.0
// How much history is kept.
#include "controller/core/history/history_retention.h"

#include <algorithm>

namespace klpx {
namespace {

// A full file gives back this part of its transitions at a time, so that not
// every new one has to delete.
constexpr uint64_t kPart = 16;

}  // namespace

uint64_t CountToPrune(const HistoryUsage& usage, const HistoryLimits& limits) {
  uint64_t count = 0;
  if (usage.transitions >= limits.transitions) {
    count = usage.transitions - limits.transitions + 1;
  }
  if (usage.bytes >= limits.bytes) {
    count = std::max({count, usage.transitions / kPart, uint64_t{1}});
  }
  return std::min(count, usage.transitions);
}

}  // namespace klpx
