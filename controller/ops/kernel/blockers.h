// SPDX-License-Identifier: GPL-2.0
// The tasks that hold up a transition, with what /proc knows of them.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_BLOCKERS_H_
#define KLPX_CONTROLLER_OPS_KERNEL_BLOCKERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// The blockers of one patch, the longest-blocking first.
absl::StatusOr<std::vector<Blocker>> ReadBlockers(BlockerSource& source,
                                                  const std::string& patch);

// The blockers of several patches in transition; and those of one among them.
absl::StatusOr<std::vector<Blocker>> ReadBlockersOf(
    BlockerSource& source, const std::vector<PatchState>& patches);
std::vector<Blocker> BlockersOf(const std::vector<Blocker>& blockers,
                                const PatchState& patch);

// For an engine that does not count pending tasks: sets the count to the number
// of blockers seen.
void CountPending(const std::vector<Blocker>& blockers, PatchState& patch);

// An observer that was attached in mid-transition has seen nothing yet: makes
// the engine report the blocking tasks again.
void FillIfEmpty(Kernel& kernel, BlockerSource& source,
                 const PatchState& patch);

// Adds cgroup, user and command line; they stay empty for tasks that have
// exited.
void AddProcFacts(Kernel& kernel, std::vector<Blocker>& blockers);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_BLOCKERS_H_
