// SPDX-License-Identifier: GPL-2.0
// How transitions of the kernel's own livepatch ended. That engine remembers
// none, so this is inferred from the current state of its patches, and from
// whether a process has watched. What was not seen stays unknown. Pure, like
// history_reconcile.h, which does the same for klpx.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_LIVEPATCH_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_LIVEPATCH_H_

#include <optional>

#include "controller/core/history/history.h"
#include "controller/core/history/history_reconcile.h"

namespace klpx {

// Is this a record of that engine?
bool IsLivepatch(const TransitionRecord& record);

// Updates an open record, as Reconcile() of history_reconcile.h does.
std::optional<TransitionRecord> ReconcileLivepatch(
    const TransitionRecord& record, const EngineFacts& facts,
    bool initiator_lives);

// A record for a running transition that no controller has announced. Its start
// is not known.
TransitionRecord AdoptLivepatch(const LivepatchFact& found,
                                const EngineFacts& facts);

// Adds the end as seen by a process that followed the transition, if the record
// was closed by one that had not.
TransitionRecord WithEnd(const TransitionRecord& record,
                         const RecentTransition& seen);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_LIVEPATCH_H_
