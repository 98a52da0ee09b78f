// SPDX-License-Identifier: GPL-2.0
// The machine as the daemon saw it at its last look.
#include "controller/daemon/view.h"

namespace klpx {

std::vector<PatchState> View::Moving() const {
  std::vector<PatchState> moving;
  for (const EngineView* part : {&klpx, &kernel}) {
    if (part->moving) moving.push_back(*part->moving);
  }
  return moving;
}

std::vector<Blocker> View::Blockers() const {
  std::vector<Blocker> blockers = klpx.blockers;
  blockers.insert(blockers.end(), kernel.blockers.begin(),
                  kernel.blockers.end());
  return blockers;
}

}  // namespace klpx
