// SPDX-License-Identifier: GPL-2.0
// What happened to transitions between two looks at the engine's memory of
// them, whichever process caused it, and for any number of transitions.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_TRANSITION_CHANGES_H_
#define KLPX_CONTROLLER_CORE_HISTORY_TRANSITION_CHANGES_H_

#include <vector>

#include "controller/core/history/history.h"
#include "controller/core/kernel/recent_transitions.h"

namespace klpx {

struct TransitionChange {
  enum class Kind { kStarted, kReversed, kForced, kEnded };

  Kind kind = Kind::kStarted;
  RecentTransition transition;  // its current state
};

// In the order in which they happened, as far as that is known.
std::vector<TransitionChange> ChangesBetween(
    const std::vector<RecentTransition>& before,
    const std::vector<RecentTransition>& now);

// The running transition; null if there is none.
const RecentTransition* RunningOf(const std::vector<RecentTransition>& recent);

// The outcome so far.
Outcome OutcomeOf(const RecentTransition& transition);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_TRANSITION_CHANGES_H_
