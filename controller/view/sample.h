// SPDX-License-Identifier: GPL-2.0
// One look at the machine: all that the screen shows of it. Made by a look at
// the kernel (tui/look), or of the history (replay.h). Not changed afterwards,
// so that a thread may make the next one while another shows this one.
#ifndef KLPX_CONTROLLER_VIEW_SAMPLE_H_
#define KLPX_CONTROLLER_VIEW_SAMPLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/base/model.h"
#include "controller/core/history/history.h"
#include "controller/core/kernel/recent_transitions.h"

namespace klpx {

struct Sample {
  Host host;
  // Why there are no patches; "" if nothing is wrong.
  std::string engine_missing;
  std::vector<PatchState> patches;
  std::vector<Blocker> blockers;
  // Why who blocks is not known, or not fully; "" if it is.
  std::string blockers_missing;
  // What the engine remembers, the oldest first.
  std::vector<RecentTransition> recent;
  // What the history has, the newest first, while nothing is in transition.
  std::vector<TransitionRecord> history;
  std::string history_missing;
  absl::Duration took;  // to look
  // Of the past: what is not recorded (state, CPU) is not known.
  bool recorded = false;
};

// The patch in transition; nullptr if there is none.
const PatchState* Moving(const Sample& sample);

// The engine's memory of the transition that runs; nullptr if it has none.
const RecentTransition* Running(const Sample& sample);

// A task, looked at on its own.
struct TaskDetail {
  klpx_task_key key = {};
  std::vector<std::string> stack;  // innermost first
  std::string cmdline;
  std::string cgroup;
  std::string missing;  // why there is no stack
};

bool IsSameTask(const klpx_task_key& a, const klpx_task_key& b);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_SAMPLE_H_
