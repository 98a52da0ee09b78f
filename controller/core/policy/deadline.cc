// SPDX-License-Identifier: GPL-2.0
// What the deadline of a policy demands for a transition.
#include "controller/core/policy/deadline.h"

#include <algorithm>

namespace klpx {

bool MayForce(const PolicyDeadline& deadline, const std::string& patch) {
  return std::any_of(
      deadline.force.begin(), deadline.force.end(),
      [&](const NamePattern& pattern) { return Fits(pattern, patch); });
}

DeadlineAct ActAtDeadline(const PolicyDeadline& deadline,
                          const RecentTransition& running, int64_t now_ns,
                          bool force_confirmed) {
  if (!deadline.after || running.ended_ns != 0 || running.reversals > 0 ||
      absl::Nanoseconds(now_ns - running.started_ns) < *deadline.after) {
    return DeadlineAct::kNone;
  }
  switch (deadline.then) {
    case PolicyDeadline::Then::kWait:
      return DeadlineAct::kNone;
    case PolicyDeadline::Then::kReverse:
      return DeadlineAct::kReverse;
    case PolicyDeadline::Then::kForce:
      return force_confirmed && MayForce(deadline, running.patch)
                 ? DeadlineAct::kForce
                 : DeadlineAct::kLeave;
  }
  return DeadlineAct::kNone;
}

absl::Duration ReversalLimit(const PolicyDeadline& deadline) {
  return std::max(deadline.after.value_or(kReversalTimeout), kReversalTimeout);
}

}  // namespace klpx
