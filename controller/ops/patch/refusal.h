// SPDX-License-Identifier: GPL-2.0
// Why the kernel refused to load or to remove a module. Asserts only what can
// be looked up.
#ifndef KLPX_CONTROLLER_OPS_PATCH_REFUSAL_H_
#define KLPX_CONTROLLER_OPS_PATCH_REFUSAL_H_

#include <string>

#include "absl/status/status.h"
#include "controller/core/patch/patch_file.h"
#include "controller/ops/history/recorder.h"
#include "controller/ops/kernel/engine.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// The reason why a load has failed.
absl::Status WhyNotLoaded(Kernel& kernel, const PatchFile& file,
                          const LoadOutcome& outcome);

// The reason why delete_module() says that a module is busy.
std::string WhyBusy(Kernel& kernel, Recorder& recorder,
                    const std::string& module);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_PATCH_REFUSAL_H_
