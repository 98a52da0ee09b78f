// SPDX-License-Identifier: GPL-2.0
// Do the states of a patch fit those of the patches installed? The rules are
// the engine's (kmod/states.c), which decides; here each gets a reason.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_STATE_COMPATIBILITY_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_STATE_COMPATIBILITY_H_

#include <vector>

#include "absl/status/status.h"
#include "controller/core/base/machine.h"
#include "controller/core/patch/patch_file.h"

namespace klpx {

// kRefused if they do not. Unknown facts are left to the engine.
absl::Status CheckStates(const PatchFile& file,
                         const std::vector<PatchState>& installed);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_STATE_COMPATIBILITY_H_
