// SPDX-License-Identifier: GPL-2.0
// A memory of transitions for the kernel's own livepatch, which has none, built
// from successive looks. Pure.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_LIVEPATCH_MEMORY_H_
#define KLPX_CONTROLLER_CORE_HISTORY_LIVEPATCH_MEMORY_H_

#include <vector>

#include "controller/core/history/history_reconcile.h"
#include "controller/core/kernel/recent_transitions.h"

namespace klpx {

// Updates `memory` (the oldest first) with the current livepatches of `facts`.
// A transition starts and ends when it is first seen to; one that starts and
// ends between two looks is missed. `tasks` stays 0, because that engine does
// not count them.
void RememberLivepatches(const EngineFacts& facts,
                         std::vector<RecentTransition>& memory);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_LIVEPATCH_MEMORY_H_
