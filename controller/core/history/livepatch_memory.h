// SPDX-License-Identifier: GPL-2.0
// A memory of transitions for the kernel's own livepatch, which has none: what
// one look after the other finds. Pure.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_LIVEPATCH_MEMORY_H_
#define KLPX_CONTROLLER_CORE_HISTORY_LIVEPATCH_MEMORY_H_

#include <vector>

#include "controller/core/history/history_settle.h"
#include "controller/core/kernel/recent_transitions.h"

namespace klpx {

// Adds to `memory` (the oldest first) what is so now, of the facts'
// livepatches. A transition starts and ends when it is first seen so; one that
// both started and ended between two looks is not known of. How many tasks
// there are stays 0: nobody counts them.
void RememberLivepatches(const EngineFacts& facts,
                         std::vector<RecentTransition>& memory);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_LIVEPATCH_MEMORY_H_
