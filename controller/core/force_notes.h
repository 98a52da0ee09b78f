// SPDX-License-Identifier: GPL-2.0
// What it means, from then on, that tasks were forced: said wherever the patch
// is shown until the machine is rebooted.
#ifndef KLPX_CONTROLLER_CORE_FORCE_NOTES_H_
#define KLPX_CONTROLLER_CORE_FORCE_NOTES_H_

#include <string>
#include <vector>

#include "controller/core/history.h"
#include "controller/core/model.h"

namespace klpx {

// The marks of a patch, from the transitions of this boot, the newest first.
// One that was forced into it says nothing any more once every task has been
// checked in another transition of the patch.
std::vector<ForceMark> ForceMarksOf(
    const std::string& patch,
    const std::vector<TransitionRecord>& newest_first);

// One sentence for each transition in which tasks of this patch were forced.
std::vector<std::string> ForceNotes(const PatchState& patch);

// Those of all patches, each on a line that names the patch; "" if none.
std::string ForceNotesText(const std::vector<PatchState>& patches);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_FORCE_NOTES_H_
