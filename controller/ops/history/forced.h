// SPDX-License-Identifier: GPL-2.0
// Says which patches have had tasks forced in this boot, by the history.
#ifndef KLPX_CONTROLLER_OPS_HISTORY_FORCED_H_
#define KLPX_CONTROLLER_OPS_HISTORY_FORCED_H_

#include <string>
#include <vector>

#include "controller/ops/history/recorder.h"

namespace klpx {

// Fills in PatchState.forces, which stays empty without a history. A history
// that cannot be read is a warning.
void MarkForced(Recorder& recorder, std::vector<PatchState>& patches);

// What that means for one patch, as warnings. Empty if the patch is not loaded.
std::vector<std::string> ForceWarnings(Recorder& recorder,
                                       const std::string& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HISTORY_FORCED_H_
