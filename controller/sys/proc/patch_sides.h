// SPDX-License-Identifier: GPL-2.0
// Reads on which side of a transition of the kernel's own livepatch tasks are:
// /proc/PID/task/TID/patch_state (Documentation/livepatch/livepatch.rst).
#ifndef KLPX_CONTROLLER_SYS_PROC_PATCH_SIDES_H_
#define KLPX_CONTROLLER_SYS_PROC_PATCH_SIDES_H_

#include "controller/core/history/history_reconcile.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// Reads the states of this engine's patches, and provides IsUnderWay() for
// them.
void ReadLivepatchFacts(Kernel& kernel, EngineFacts& facts);

// Are the tasks moving to the side that `enabled` says? False while the kernel
// is still preparing a transition to the other side, and when a patch is being
// disabled and all tasks have left it. True if no task says on which side it
// is. Reads as many tasks as it takes, and may wait for a quarter of a second.
bool IsUnderWay(Kernel& kernel, const LivepatchFact& fact);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_PATCH_SIDES_H_
