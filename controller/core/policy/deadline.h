// SPDX-License-Identifier: GPL-2.0
// What the deadline of a policy has done about a transition, for whoever looks
// after one that nobody waits for. Pure: all that it goes by is in the engine's
// memory and the history, so it does not matter who asked before, or was
// killed.
#ifndef KLPX_CONTROLLER_CORE_POLICY_DEADLINE_H_
#define KLPX_CONTROLLER_CORE_POLICY_DEADLINE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/kernel/recent_transitions.h"
#include "controller/core/policy/policy.h"

namespace klpx {

// A reversal has less to wait for than what it reverses; it is held up after
// the deadline of its transition or this, whichever is more.
inline constexpr absl::Duration kReversalTimeout = absl::Seconds(30);

enum class DeadlineAct {
  kNone,  // not yet, or not asked for
  kReverse,
  kForce,
  kLeave,  // to be forced, but the file or the operator does not let it
};

// Of a transition that runs. force_confirmed: an operator gave --allow-force
// for it. A transition that was turned round is left alone: whoever did that
// wants it so, and the deadline does it once.
DeadlineAct ActAtDeadline(const PolicyDeadline& deadline,
                          const RecentTransition& running, int64_t now_ns,
                          bool force_confirmed);

// Does the deadline let this patch be forced?
bool MayForce(const PolicyDeadline& deadline, const std::string& patch);

// For how long a reversal may take before it is called held up.
absl::Duration ReversalLimit(const PolicyDeadline& deadline);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_DEADLINE_H_
