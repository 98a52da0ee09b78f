// SPDX-License-Identifier: GPL-2.0
// What has become of transitions of the kernel's own livepatch, which remembers
// none: concluded from where its patches stand now, and from whether somebody
// has watched. What nobody has seen stays unknown. Pure, like history_settle.h,
// which has the same for klpx.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_LIVEPATCH_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_LIVEPATCH_H_

#include <optional>

#include "controller/core/history/history.h"
#include "controller/core/history/history_settle.h"

namespace klpx {

// Is the record one of that engine?
bool IsLivepatch(const TransitionRecord& record);

// Of a record that is open, as Settle() of history_settle.h.
std::optional<TransitionRecord> SettleLivepatch(const TransitionRecord& record,
                                                const EngineFacts& facts,
                                                bool initiator_lives);

// A transition that runs and that no controller has announced. When it started
// is not known.
TransitionRecord AdoptLivepatch(const LivepatchFact& found,
                                const EngineFacts& facts);

// Of a transition that somebody has followed to its end: what he saw, where the
// record was closed by somebody who had not.
TransitionRecord WithEnd(const TransitionRecord& record,
                         const RecentTransition& seen);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_LIVEPATCH_H_
