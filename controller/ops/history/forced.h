// SPDX-License-Identifier: GPL-2.0
// Which patches have had tasks forced in this boot, by the history.
#ifndef KLPX_CONTROLLER_OPS_HISTORY_FORCED_H_
#define KLPX_CONTROLLER_OPS_HISTORY_FORCED_H_

#include <string>
#include <vector>

#include "controller/ops/kernel/context.h"

namespace klpx {

// Fills in PatchState.forces. Without a history to ask nothing is known; if it
// cannot be read, that is a warning.
void MarkForced(Context& context, std::vector<PatchState>& patches);

// What that means for one patch, said as warnings, and returned. Nothing if the
// engine has no such patch, and its module is not loaded.
std::vector<std::string> WarnOfForces(Context& context,
                                      const std::string& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HISTORY_FORCED_H_
