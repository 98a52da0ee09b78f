// SPDX-License-Identifier: GPL-2.0
// Who may act on the transitions of this machine, and what comes of it.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_ACTORS_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_ACTORS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/policy/next_act.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Does a daemon run? Nothing if that cannot be told.
std::optional<bool> DaemonRuns(const Context& context);

// By the locks, and the deadline of the file; the daemon, which has read the
// file before, gives its own.
Actors ReadActors(Context& context);

// Of those in transition: what is going to happen, by their names.
std::map<std::string, std::string> NextActs(
    Context& context, const std::vector<PatchState>& patches,
    const Actors& actors);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_ACTORS_H_
