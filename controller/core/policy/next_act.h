// SPDX-License-Identifier: GPL-2.0
// What will happen next to a running transition, when, and which process will
// do it. Pure: the waiting process, the daemon and the policy file are
// parameters.
#ifndef KLPX_CONTROLLER_CORE_POLICY_NEXT_ACT_H_
#define KLPX_CONTROLLER_CORE_POLICY_NEXT_ACT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/machine.h"
#include "controller/core/kernel/recent_transitions.h"
#include "controller/core/policy/policy.h"

namespace klpx {

// What a waiting process will do when its time is up.
struct WaitPlan {
  PolicyDeadline::Then then = PolicyDeadline::Then::kWait;
  absl::Duration at;  // CLOCK_MONOTONIC
};

// "reverse 4711000": the note in the lock of the process that may act.
std::string PlanText(const WaitPlan& plan);
std::optional<WaitPlan> ParsePlan(absl::string_view text);

// The processes that may act on a transition.
struct Actors {
  std::string owner;  // "process 529 (enable)"; "" if no process holds the lock
  std::optional<WaitPlan> plan;
  bool daemon = false;
  // From policy.toml; nothing if it has none.
  std::optional<PolicyDeadline> deadline;
};

// One sentence. `running`: the engine's record of the transition; the kernel's
// own engine has none.
std::string NextAct(const PatchState& moving,
                    const std::optional<RecentTransition>& running,
                    const Actors& actors, absl::Duration now);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_NEXT_ACT_H_
