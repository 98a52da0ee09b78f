// SPDX-License-Identifier: GPL-2.0
// What has happened to transitions between two looks at the engine's memory of
// them: the same whoever did it, and however many went by.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_TRANSITION_CHANGES_H_
#define KLPX_CONTROLLER_CORE_HISTORY_TRANSITION_CHANGES_H_

#include <vector>

#include "controller/core/history/history.h"
#include "controller/core/kernel/recent_transitions.h"

namespace klpx {

struct TransitionChange {
  enum class Kind { kStarted, kReversed, kForced, kEnded };

  Kind kind = Kind::kStarted;
  RecentTransition transition;  // as it is now
};

// In the order in which they happened, as far as that can be told.
std::vector<TransitionChange> ChangesBetween(
    const std::vector<RecentTransition>& before,
    const std::vector<RecentTransition>& now);

// The one that runs; null if none does.
const RecentTransition* RunningOf(const std::vector<RecentTransition>& recent);

// How it stands, or has ended.
Outcome OutcomeOf(const RecentTransition& transition);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_TRANSITION_CHANGES_H_
