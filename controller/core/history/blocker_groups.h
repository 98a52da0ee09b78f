// SPDX-License-Identifier: GPL-2.0
// Threads of one process that were held up by the same thing, as one: what a
// person reads of a transition with hundreds of blockers.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_BLOCKER_GROUPS_H_
#define KLPX_CONTROLLER_CORE_HISTORY_BLOCKER_GROUPS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "controller/core/history/history.h"

namespace klpx {

struct BlockerGroup {
  std::vector<const BlockerRecord*> tasks;  // one at least

  const BlockerRecord& first() const { return *tasks.front(); }
  bool alone() const { return tasks.size() == 1; }
  uint64_t SinceNs() const;  // the earliest; 0: none was seen to block
  uint64_t SeenNs() const;   // the latest
};

// In the order in which the first of each was found. Tasks without a process,
// the idle ones, stay alone.
std::vector<BlockerGroup> GroupBlockers(
    const std::vector<BlockerRecord>& blocked);

// "cat/412", "41 threads of sleepers/329".
std::string GroupName(const BlockerGroup& group);

// "a/1, b/2, c/3 and 4 more".
std::string TaskNames(const std::vector<const BlockerRecord*>& tasks,
                      size_t most);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_BLOCKER_GROUPS_H_
