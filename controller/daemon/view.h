// SPDX-License-Identifier: GPL-2.0
// The machine as the daemon saw it at its last look: what every duty goes by.
// Plain data, but for the observer that it came from.
#ifndef KLPX_CONTROLLER_DAEMON_VIEW_H_
#define KLPX_CONTROLLER_DAEMON_VIEW_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/model.h"
#include "controller/core/recent_transitions.h"
#include "controller/sys/blocker_source.h"

namespace klpx {

struct View {
  absl::Duration now;  // CLOCK_MONOTONIC
  // klpx.ko is loaded; then its memory of transitions, as text and read.
  bool engine = false;
  std::string recent_text;
  std::vector<RecentTransition> recent;
  std::optional<RecentTransition> running;
  std::vector<PatchState> patches;
  // The patch of the running transition; nullopt if it was over meanwhile.
  std::optional<PatchState> moving;
  std::vector<Blocker> blockers;
  std::optional<LossCounters> losses;
  std::string observer_error;
  BlockerSource* source = nullptr;  // valid until the next look
  // Told by a duty, of the running transition.
  bool reversal_stalled = false;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_VIEW_H_
