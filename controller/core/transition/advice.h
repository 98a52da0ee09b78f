// SPDX-License-Identifier: GPL-2.0
// What to do about tasks that hold up a transition: one line for each thing to
// know, none longer than a narrow terminal.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_ADVICE_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_ADVICE_H_

#include <string>
#include <vector>

#include "controller/core/base/model.h"

namespace klpx {

// What gets this task moving.
std::vector<std::string> AdviceFor(const klpx_task_info& task,
                                   const PatchState& moving);

// What gets them moving, each thing once; and what the patch itself has done
// that lasts until the transition ends.
std::vector<std::string> AdviceFor(const std::vector<Blocker>& blockers,
                                   const PatchState& moving);

// A thing to know, whole, for those who have room and a clipboard.
struct AdviceEntry {
  std::string text;
  std::vector<std::string> commands;  // of klp-controller, as they are typed
};
std::vector<AdviceEntry> AdviceEntries(const std::vector<std::string>& lines);

// Does no signal move it? A kernel thread, one that sleeps uninterruptibly, is
// stopped, or is idle.
bool IsBeyondSignals(const klpx_task_info& task);

// Of those: "kernel thread spinner/382 and 2 more"; "" if there is none.
std::string BeyondSignalsWords(const std::vector<Blocker>& blockers);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_ADVICE_H_
