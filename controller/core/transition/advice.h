// SPDX-License-Identifier: GPL-2.0
// What to do about tasks that hold up a transition, in lines that fit a narrow
// terminal; continuation lines begin with two blanks.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_ADVICE_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_ADVICE_H_

#include <string>
#include <vector>

#include "controller/core/base/machine.h"

namespace klpx {

// What makes this task switch.
std::vector<std::string> AdviceFor(const klpx_task_info& task,
                                   const PatchState& moving);

// What makes these tasks switch, without repetition; and what the patch itself
// has done that lasts until the transition ends.
std::vector<std::string> AdviceFor(const std::vector<Blocker>& blockers,
                                   const PatchState& moving);

// One advice on one line, for a reader with room and a clipboard.
struct AdviceEntry {
  std::string text;
  std::vector<std::string> commands;  // of klp-controller, to be typed
};
std::vector<AdviceEntry> AdviceEntries(const std::vector<std::string>& lines);

// True for tasks that no signal moves: kernel threads, and tasks that sleep
// uninterruptibly, are stopped, or are idle.
bool IsBeyondSignals(const klpx_task_info& task);

// Names such tasks: "kernel thread spinner/382 (running) and 2 more"; "" if
// there is none. Idle tasks are left out.
std::string BeyondSignalsWords(const std::vector<Blocker>& blockers);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_ADVICE_H_
