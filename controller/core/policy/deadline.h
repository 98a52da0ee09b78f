// SPDX-License-Identifier: GPL-2.0
// What the deadline of a policy demands for a transition that no process waits
// for. Pure: it depends only on the engine's memory and on the history, so an
// actor that was killed can be replaced by another.
#ifndef KLPX_CONTROLLER_CORE_POLICY_DEADLINE_H_
#define KLPX_CONTROLLER_CORE_POLICY_DEADLINE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/kernel/recent_transitions.h"
#include "controller/core/policy/policy.h"

namespace klpx {

// A reversal should take less time than the transition. It counts as held up
// after the transition's deadline or this time, whichever is longer.
inline constexpr absl::Duration kReversalTimeout = absl::Seconds(30);

enum class DeadlineAct {
  kNone,  // not yet, or there is no deadline
  kReverse,
  kForce,
  kLeave,  // force is due, but the file or the operator does not allow it
};

// For a running transition. force_confirmed: the operator gave --allow-force
// for it. A deadline never acts on a transition that was reversed before,
// whether by a user or by the deadline.
DeadlineAct ActAtDeadline(const PolicyDeadline& deadline,
                          const RecentTransition& running, int64_t now_ns,
                          bool force_confirmed);

// Does the deadline allow forcing this patch?
bool MayForce(const PolicyDeadline& deadline, const std::string& patch);

// How long a reversal may take before it counts as held up.
absl::Duration ReversalLimit(const PolicyDeadline& deadline);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_DEADLINE_H_
