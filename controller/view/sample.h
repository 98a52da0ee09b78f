// SPDX-License-Identifier: GPL-2.0
// One sample of the machine: everything that the screen shows of it. Made from
// the kernel (tui/sampler) or from the history (replay.h). Never changed
// afterwards, so that one thread can make the next while another shows this.
#ifndef KLPX_CONTROLLER_VIEW_SAMPLE_H_
#define KLPX_CONTROLLER_VIEW_SAMPLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/base/machine.h"
#include "controller/core/base/task_key.h"
#include "controller/core/history/history.h"
#include "controller/core/kernel/recent_transitions.h"

namespace klpx {

struct Sample {
  Host host;
  // Why no patches can be read; "" if nothing is wrong.
  std::string engine_missing;
  std::vector<PatchState> patches;
  std::vector<Blocker> blockers;
  // Why `blockers` is not known or not complete; "" if it is.
  std::string blockers_missing;
  // The engine's memory of transitions, the oldest first.
  std::vector<RecentTransition> recent;
  // From the history, the newest first; read only without a transition.
  std::vector<TransitionRecord> history;
  std::string history_missing;
  absl::Duration took;  // time that the sample took
  // Made from the history, which does not record everything (state, CPU).
  bool recorded = false;
};

// The patch in transition; nullptr if there is none.
const PatchState* Moving(const Sample& sample);

// The engine's memory of the transition that runs; nullptr if it has none.
const RecentTransition* Running(const Sample& sample);

// The details of one task, read separately.
struct TaskDetail {
  klpx_task_key key = {};
  std::vector<std::string> stack;  // innermost first
  std::string cmdline;
  std::string cgroup;
  std::string missing;  // why there is no stack
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_SAMPLE_H_
