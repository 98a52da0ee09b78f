// SPDX-License-Identifier: GPL-2.0
// Reads what the running kernel says that matters for a patch file, and judges
// nothing. The facts also say what could not be read, with the reason.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_READ_FACTS_H_
#define KLPX_CONTROLLER_OPS_KERNEL_READ_FACTS_H_

#include "controller/core/preflight/preflight.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

KernelFacts ReadFacts(Kernel& kernel, const PatchFile& file);

// Reads only the facts that decide whether the kernel accepts the module at
// all.
LoadingFacts ReadLoadingFacts(Kernel& kernel, const PatchFile& file);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_READ_FACTS_H_
