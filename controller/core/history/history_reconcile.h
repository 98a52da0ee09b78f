// SPDX-License-Identifier: GPL-2.0
// What happened to transitions that the history has as not ended: their
// controller still waits, was killed, or the machine went down. The engine's
// own memory decides. Pure; store/ writes down the result.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_RECONCILE_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_RECONCILE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/history/history.h"
#include "controller/core/kernel/recent_transitions.h"

namespace klpx {

// The state of a patch of the kernel's own livepatch. While that engine
// prepares a transition, `enabled` still is the side that tasks come from.
struct LivepatchFact {
  std::string patch;
  bool enabled = false;
  bool transition = false;
};

// The current state of the machine.
struct EngineFacts {
  std::string boot_id;
  std::string kernel;
  absl::Time now;
  int64_t now_ns = 0;  // CLOCK_MONOTONIC
  // nullopt: klpx.ko is not loaded.
  std::optional<std::vector<RecentTransition>> recent;
  // All patches of the kernel's own engine.
  std::vector<LivepatchFact> livepatches = {};
  // The patch of that engine whose transition a process has followed until now.
  std::string watched = {};
  // For a patch in transition: do its tasks move to the side that `enabled`
  // says? Not yet while it is prepared (sys/proc/patch_sides.h). Reads many
  // tasks.
  std::function<bool(const LivepatchFact&)> is_under_way =
      [](const LivepatchFact&) { return true; };
};

// The updated version of an open record. Nothing: it announced a transition
// that never began, and the process that announced it is gone. `claimed` are
// the starts that other records already have.
std::optional<TransitionRecord> Reconcile(const TransitionRecord& record,
                                          const EngineFacts& facts,
                                          const std::vector<int64_t>& claimed,
                                          bool initiator_lives);

// Copies the engine's data about the transition into its record.
void TakeOver(TransitionRecord& record, const RecentTransition& found);

// A record for a transition that no controller has announced.
TransitionRecord Adopt(const RecentTransition& found, const EngineFacts& facts);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_RECONCILE_H_
