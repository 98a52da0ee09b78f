// SPDX-License-Identifier: GPL-2.0
// On which side of a transition of the kernel's own livepatch the tasks are:
// /proc/PID/task/TID/patch_state (Documentation/livepatch/livepatch.rst).
#ifndef KLPX_CONTROLLER_SYS_PROC_PATCH_SIDES_H_
#define KLPX_CONTROLLER_SYS_PROC_PATCH_SIDES_H_

#include "controller/core/history/history_settle.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// Where the patches of that engine stand, and IsUnderWay() for them.
void ReadLivepatchFacts(Kernel& kernel, EngineFacts& facts);

// Do the tasks go where `enabled` says, rather than that the kernel still
// prepares the way to the other side? Reads as many as it takes, and may wait
// for a quarter of a second. No, too, when a patch goes out and all are out.
// True if no task says where it is.
bool IsUnderWay(Kernel& kernel, const LivepatchFact& fact);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_PATCH_SIDES_H_
