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
#include "controller/ops/kernel/context.h"

namespace klpx {

// Does a daemon run? Nothing if that is not known.
std::optional<bool> DaemonRuns(const Context& context);

// Reads the locks, and the deadline of the policy file. The daemon, which has
// read that file already, builds its own Actors.
Actors ReadActors(Context& context);

// For each patch in transition, by its name: what is going to happen next.
std::map<std::string, std::string> NextActs(
    Context& context, const std::vector<PatchState>& patches,
    const Actors& actors);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_ACTORS_H_
