// SPDX-License-Identifier: GPL-2.0
// One sample of the machine.
#include "controller/view/sample.h"

namespace klpx {

const PatchState* Moving(const Sample& sample) {
  for (const PatchState& patch : sample.patches) {
    if (patch.transition) return &patch;
  }
  return nullptr;
}

const RecentTransition* Running(const Sample& sample) {
  for (const RecentTransition& transition : sample.recent) {
    if (transition.ended_ns == 0) return &transition;
  }
  return nullptr;
}

}  // namespace klpx
