// SPDX-License-Identifier: GPL-2.0
// Why the kernel has refused to take or to give back a module: what can be
// looked at is looked at, and what cannot is not asserted.
#ifndef KLPX_CONTROLLER_OPS_PATCH_REFUSAL_H_
#define KLPX_CONTROLLER_OPS_PATCH_REFUSAL_H_

#include <string>

#include "absl/status/status.h"
#include "controller/core/patch/patch_file.h"
#include "controller/ops/kernel/context.h"
#include "controller/ops/kernel/engine.h"

namespace klpx {

// Of a load that has failed.
absl::Status WhyNotLoaded(Context& context, const PatchFile& file,
                          const LoadOutcome& outcome);

// Of a module that delete_module() says is busy.
std::string WhyBusy(Context& context, const std::string& module);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_PATCH_REFUSAL_H_
