// SPDX-License-Identifier: GPL-2.0
// Groups threads of one process that blocked for the same reason, to keep a
// transition with hundreds of blockers readable.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_BLOCKER_GROUPS_H_
#define KLPX_CONTROLLER_CORE_HISTORY_BLOCKER_GROUPS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "controller/core/history/history.h"

namespace klpx {

struct BlockerGroup {
  std::vector<const BlockerRecord*> tasks;  // at least one

  const BlockerRecord& first() const { return *tasks.front(); }
  bool alone() const { return tasks.size() == 1; }
  uint64_t SinceNs() const;  // the earliest; 0: none was seen blocking
  uint64_t SeenNs() const;   // the latest
};

// In the order in which the first task of each group was found. An idle task
// has no process and forms a group of its own.
std::vector<BlockerGroup> GroupBlockers(
    const std::vector<BlockerRecord>& blocked);

// "cat/412", "41 threads of sleepers/329".
std::string GroupName(const BlockerGroup& group);

// "a/1, b/2, c/3 and 4 more".
std::string TaskNames(const std::vector<const BlockerRecord*>& tasks,
                      size_t most);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_BLOCKER_GROUPS_H_
