// SPDX-License-Identifier: GPL-2.0
// What signal and force have in common: a patch in transition, the tasks in its
// way, and one write that does something about them.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_PUSH_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_PUSH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

struct PushTarget {
  PatchState patch;
  // Tasks that block, those asked for only.
  std::vector<Blocker> blockers;
  // Why blockers could not be had; empty if they could.
  std::string blockers_unknown;
};

// How much it matters to know the names: to load the observer for it, or only
// to ask one that is there, unless the engine takes orders for single tasks
// only.
enum class Names { kAttach, kIfNeeded };

// Nothing if the patch is there, but not in transition: a success was reported.
absl::StatusOr<std::optional<PushTarget>> FindPushTarget(
    Context& context, absl::string_view verb, const std::string& patch,
    std::optional<uint32_t> task, Names names);

// Writes `attribute`, or "<attribute>_task" with the task.
absl::Status Push(Context& context, const PatchState& patch,
                  absl::string_view attribute, std::optional<uint32_t> task);

// The kernel's own engine comes back for an idle task a second later. Kicked,
// it has been switched by then. Nothing without klpx.ko.
void KickIdle(Context& context, const PatchState& patch,
              const std::vector<Blocker>& blockers);

// Forces the blocking tasks of a target, or one, with a record of each with its
// stack, made before the engine is told.
absl::Status ForceBlockers(Context& context, const PushTarget& target,
                           std::optional<uint32_t> task);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_PUSH_H_
