// SPDX-License-Identifier: GPL-2.0
// The lasting consequences of forcing tasks. Every view of the patch shows them
// until the machine is rebooted.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_FORCE_NOTES_H_
#define KLPX_CONTROLLER_CORE_HISTORY_FORCE_NOTES_H_

#include <string>
#include <vector>

#include "controller/core/base/machine.h"
#include "controller/core/history/history.h"

namespace klpx {

// The marks of a patch in its current state. `newest_first` are the transitions
// of this boot; those with forces have their details. A task forced into the
// patch counts until every task has been checked again: in a later transition,
// or by a reversal of the same one. A task forced out of it counts while a
// force keeps the module loaded. The kernel tells that, not the history,
// because the module now loaded under this name may be another one.
std::vector<ForceMark> ForceMarksOf(
    const PatchState& patch, const std::vector<TransitionRecord>& newest_first);

// One sentence for each transition in which tasks of this patch were forced.
std::vector<std::string> ForceNotes(const PatchState& patch);

// The notes of all patches, each on a line that names its patch; "" if none.
std::string ForceNotesText(const std::vector<PatchState>& patches);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_FORCE_NOTES_H_
