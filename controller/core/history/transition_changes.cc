// SPDX-License-Identifier: GPL-2.0
// What happened to transitions between two looks.
#include "controller/core/history/transition_changes.h"

#include <algorithm>

namespace klpx {
namespace {

using Kind = TransitionChange::Kind;

// One transition, seen twice? The kernel's own engine does not say when one
// began: a corrected start is earlier, the start of the next one is later.
bool IsSame(const RecentTransition& before, const RecentTransition& now) {
  return before.patch == now.patch &&
         (before.started_ns == now.started_ns ||
          (before.ended_ns == 0 && now.started_ns < before.started_ns));
}

// The transition at the earlier look; an empty one if it is new.
RecentTransition Earlier(const std::vector<RecentTransition>& before,
                         const RecentTransition& now) {
  const auto found = std::find_if(before.begin(), before.end(),
                                  [&](const RecentTransition& transition) {
                                    return IsSame(transition, now);
                                  });
  return found == before.end() ? RecentTransition() : *found;
}

}  // namespace

std::vector<TransitionChange> ChangesBetween(
    const std::vector<RecentTransition>& before,
    const std::vector<RecentTransition>& now) {
  std::vector<TransitionChange> changes;
  for (const RecentTransition& transition : now) {
    const RecentTransition earlier = Earlier(before, transition);
    if (earlier.started_ns == 0)
      changes.push_back({Kind::kStarted, transition});
    if (transition.reversals > earlier.reversals) {
      changes.push_back({Kind::kReversed, transition});
    }
    if (transition.forced > earlier.forced) {
      changes.push_back({Kind::kForced, transition});
    }
    if (transition.ended_ns != 0 && earlier.ended_ns == 0) {
      changes.push_back({Kind::kEnded, transition});
    }
  }
  return changes;
}

const RecentTransition* RunningOf(const std::vector<RecentTransition>& recent) {
  if (recent.empty() || recent.back().ended_ns != 0) return nullptr;
  return &recent.back();
}

Outcome OutcomeOf(const RecentTransition& found) {
  if (found.ended_ns == 0) return Outcome::kRunning;
  if (found.reversals % 2 != 0) return Outcome::kReversed;
  return found.forced > 0 ? Outcome::kForced : Outcome::kCompleted;
}

}  // namespace klpx
