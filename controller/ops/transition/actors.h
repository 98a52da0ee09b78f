// SPDX-License-Identifier: GPL-2.0
// Which processes may act on the transitions of this machine, and what they
// will do.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_ACTORS_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_ACTORS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/policy/next_act.h"
#include "controller/ops/transition/ownership.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// Does a daemon run? Nothing if that is not known.
std::optional<bool> DaemonRuns(const std::string& run_dir);

// Reads the locks, and the deadline of the policy file. The daemon, which has
// read that file already, builds its own Actors.
Actors ReadActors(Kernel& kernel, const Ownership& ownership,
                  const std::string& run_dir);

// For each patch in transition, by its name: what is going to happen next.
std::map<std::string, std::string> NextActs(
    Kernel& kernel, const std::vector<PatchState>& patches,
    const Actors& actors);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_ACTORS_H_
