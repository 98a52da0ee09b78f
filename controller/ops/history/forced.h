// SPDX-License-Identifier: GPL-2.0
// Says which patches have had tasks forced in this boot, by the history.
#ifndef KLPX_CONTROLLER_OPS_HISTORY_FORCED_H_
#define KLPX_CONTROLLER_OPS_HISTORY_FORCED_H_

#include <string>
#include <vector>

#include "controller/ops/kernel/context.h"

namespace klpx {

// Fills in PatchState.forces, which stays empty without a history. A history
// that cannot be read is a warning.
void MarkForced(Context& context, std::vector<PatchState>& patches);

// Warns about what that means for one patch, and returns the warnings. Empty if
// the patch is not loaded.
std::vector<std::string> WarnOfForces(Context& context,
                                      const std::string& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HISTORY_FORCED_H_
