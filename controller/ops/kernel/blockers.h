// SPDX-License-Identifier: GPL-2.0
// The tasks that hold up a transition, with what /proc knows of them.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_BLOCKERS_H_
#define KLPX_CONTROLLER_OPS_KERNEL_BLOCKERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Those of one patch, longest first.
absl::StatusOr<std::vector<Blocker>> ReadBlockers(BlockerSource& source,
                                                  const std::string& patch);

// Those of several, which transitions at the same time are of.
absl::StatusOr<std::vector<Blocker>> ReadBlockersOf(
    BlockerSource& source, const std::vector<PatchState>& patches);
std::vector<Blocker> BlockersOf(const std::vector<Blocker>& blockers,
                                const PatchState& patch);

// How many are left, of an engine that does not count: as many as were seen.
void CountPending(const std::vector<Blocker>& blockers, PatchState& patch);

// An observer that was attached in mid-transition has seen nothing yet: makes
// the engine say again who blocks.
void FillIfEmpty(Context& context, BlockerSource& source,
                 const PatchState& patch);

// Adds cgroup and command line; tasks that are gone by now keep them empty.
void AddProcFacts(Kernel& kernel, std::vector<Blocker>& blockers);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_BLOCKERS_H_
