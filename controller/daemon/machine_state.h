// SPDX-License-Identifier: GPL-2.0
// The machine as the daemon saw it at its last poll. Every job decides from
// this. Plain data, except for the observer that it was read from.
#ifndef KLPX_CONTROLLER_DAEMON_MACHINE_STATE_H_
#define KLPX_CONTROLLER_DAEMON_MACHINE_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/base/engine.h"
#include "controller/core/base/machine.h"
#include "controller/core/kernel/recent_transitions.h"
#include "controller/sys/bpf/blocker_source.h"

namespace klpx {

// One engine's part. Both engines can have a transition at the same time.
struct EngineState {
  // The engine's memory of recent transitions. The kernel's own engine has
  // none, so the daemon keeps one for it.
  std::vector<RecentTransition> recent;
  uint64_t changes = 0;  // how often `recent` has changed
  std::optional<RecentTransition> running;
  // The patch of the running transition; nullopt if the transition has ended
  // meanwhile.
  std::optional<PatchState> moving;
  std::vector<Blocker> blockers;
  // Set by a job, for the running transition.
  bool reversal_stalled = false;
};

struct MachineState {
  absl::Duration now;   // CLOCK_MONOTONIC
  bool loaded = false;  // klpx.ko
  EngineState klpx;
  EngineState kernel;
  std::vector<PatchState> patches;  // of both engines
  std::optional<LossCounters> losses;
  std::string observer_error;
  BlockerSource* source = nullptr;  // valid until the next poll

  EngineState& Of(Engine engine) {
    return engine == Engine::kKernel ? kernel : klpx;
  }
  const EngineState& Of(Engine engine) const {
    return engine == Engine::kKernel ? kernel : klpx;
  }
  bool Moves() const { return klpx.running || kernel.running; }
  bool ReversalStalled() const {
    return klpx.reversal_stalled || kernel.reversal_stalled;
  }
  // The sum for both engines.
  uint64_t Changes() const { return klpx.changes + kernel.changes; }
  // The patches in transition, and the tasks that block them.
  std::vector<PatchState> Moving() const;
  std::vector<Blocker> Blockers() const;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_MACHINE_STATE_H_
