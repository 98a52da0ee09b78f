// SPDX-License-Identifier: GPL-2.0
// The machine as the daemon saw it at its last poll.
#include "controller/daemon/machine_state.h"

namespace klpx {

std::vector<PatchState> MachineState::Moving() const {
  std::vector<PatchState> moving;
  for (const EngineState* state : {&klpx, &kernel}) {
    if (state->moving) moving.push_back(*state->moving);
  }
  return moving;
}

std::vector<Blocker> MachineState::Blockers() const {
  std::vector<Blocker> blockers = klpx.blockers;
  blockers.insert(blockers.end(), kernel.blockers.begin(),
                  kernel.blockers.end());
  return blockers;
}

}  // namespace klpx
