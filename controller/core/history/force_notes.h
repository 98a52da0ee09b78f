// SPDX-License-Identifier: GPL-2.0
// What it means, from then on, that tasks were forced: said wherever the patch
// is shown until the machine is rebooted.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_FORCE_NOTES_H_
#define KLPX_CONTROLLER_CORE_HISTORY_FORCE_NOTES_H_

#include <string>
#include <vector>

#include "controller/core/base/model.h"
#include "controller/core/history/history.h"

namespace klpx {

// The marks of a patch as it is now, from the transitions of this boot, the
// newest first, those with forces with all that belongs to them. A task that
// was forced into it counts until every task has been checked again: in a later
// transition, or when this one was turned round. One that was forced out of it
// counts while its module is kept, which the kernel says, not the history: what
// is loaded now under the same name may be another module.
std::vector<ForceMark> ForceMarksOf(
    const PatchState& patch, const std::vector<TransitionRecord>& newest_first);

// One sentence for each transition in which tasks of this patch were forced.
std::vector<std::string> ForceNotes(const PatchState& patch);

// Those of all patches, each on a line that names the patch; "" if none.
std::string ForceNotesText(const std::vector<PatchState>& patches);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_FORCE_NOTES_H_
