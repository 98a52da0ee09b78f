// SPDX-License-Identifier: GPL-2.0
// What is going to happen to a transition that runs, when, and by whose hand.
// Pure: who waits, whether a daemon runs and what the file says are facts.
#ifndef KLPX_CONTROLLER_CORE_POLICY_NEXT_ACT_H_
#define KLPX_CONTROLLER_CORE_POLICY_NEXT_ACT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/model.h"
#include "controller/core/kernel/recent_transitions.h"
#include "controller/core/policy/policy.h"

namespace klpx {

// What a process that waits is going to do when its time is up.
struct WaitPlan {
  PolicyDeadline::Then then = PolicyDeadline::Then::kWait;
  absl::Duration at;  // CLOCK_MONOTONIC
};

// "reverse 4711000": for the note in the lock of whoever acts.
std::string PlanText(const WaitPlan& plan);
std::optional<WaitPlan> ParsePlan(absl::string_view text);

// Who may act on a transition.
struct Actors {
  std::string owner;  // "process 529 (enable)"; "" if no process has it
  std::optional<WaitPlan> plan;
  bool daemon = false;
  // Of policy.toml; nothing if it has none.
  std::optional<PolicyDeadline> deadline;
};

// One sentence. `running`: as the engine remembers it; the kernel's own does
// not.
std::string NextAct(const PatchState& moving,
                    const std::optional<RecentTransition>& running,
                    const Actors& actors, absl::Duration now);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_NEXT_ACT_H_
