// SPDX-License-Identifier: GPL-2.0
// What has become of transitions that the history has as not ended: their
// controller is still at it, was killed, or the machine went down. The engine's
// own memory decides. Pure; history/ writes down what is found here.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_SETTLE_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_SETTLE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/history/history.h"
#include "controller/core/kernel/recent_transitions.h"

namespace klpx {

// Where a patch of the kernel's own livepatch stands. While that engine
// prepares a transition, `enabled` has still the side that it comes from.
struct LivepatchFact {
  std::string patch;
  bool enabled = false;
  bool transition = false;
};

// The machine as it is now.
struct EngineFacts {
  std::string boot_id;
  std::string kernel;
  absl::Time now;
  int64_t now_ns = 0;  // CLOCK_MONOTONIC
  // nullopt: klpx.ko is not loaded.
  std::optional<std::vector<RecentTransition>> recent;
  // All that the kernel's own engine has.
  std::vector<LivepatchFact> livepatches = {};
  // A patch of that engine whose transition somebody has followed until now.
  std::string watched = {};
  // Of one in transition: do its tasks go where `enabled` says? No while it is
  // prepared (sys/proc/patch_sides.h). Asks many tasks.
  std::function<bool(const LivepatchFact&)> is_under_way =
      [](const LivepatchFact&) { return true; };
};

// Of a record that is open: as it has to be now. Nothing: it asked for a
// transition that never began, and whoever asked has gone. `claimed` are the
// starts that other records have already.
std::optional<TransitionRecord> Settle(const TransitionRecord& record,
                                       const EngineFacts& facts,
                                       const std::vector<int64_t>& claimed,
                                       bool initiator_lives);

// Takes over what the engine says of the transition that the record is of.
void TakeOver(TransitionRecord& record, const RecentTransition& found);

// A transition that no controller has announced.
TransitionRecord Adopt(const RecentTransition& found, const EngineFacts& facts);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_SETTLE_H_
