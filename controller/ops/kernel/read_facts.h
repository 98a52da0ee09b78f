// SPDX-License-Identifier: GPL-2.0
// What the running kernel says that bears on a patch file: reads, and judges
// nothing. What could not be read is in the facts as well, with the reason.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_READ_FACTS_H_
#define KLPX_CONTROLLER_OPS_KERNEL_READ_FACTS_H_

#include "controller/core/preflight/preflight.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

KernelFacts ReadFacts(Context& context, const PatchFile& file);

// Of these only what decides whether the kernel takes the module at all.
LoadingFacts ReadLoadingFacts(Context& context, const PatchFile& file);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_READ_FACTS_H_
