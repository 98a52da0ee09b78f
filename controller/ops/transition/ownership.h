// SPDX-License-Identifier: GPL-2.0
// One process acts on a transition at a time; the others watch. What has
// started one, or waits to act on it at a time limit, has it until it ends;
// then the next one, or the daemon, has. What only waits does not own: it would
// keep the others from acting. What a person says by hand (reverse, signal,
// force) needs no ownership: it counts at once.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_OWNERSHIP_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_OWNERSHIP_H_

#include <string>

#include "absl/strings/string_view.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// True if this process has it, now or from before. Where no lock can be had,
// as on a read-only /run, everybody has it. A context without a path likewise.
bool Own(Context& context);

// Writes down what this process is going to do when its time is up, if it owns
// it: PlanText(), or "" if it waits for ever.
void NotePlan(Context& context, absl::string_view plan);

// Has another process it that has no time limit, so that it never acts?
bool OwnerOnlyWaits(const Context& context);

// Has this process a lock of its own already?
bool Owns(const Context& context);

// For those that do not end when they have acted.
void Disown(Context& context);

// Who else has it, for a message.
std::string OwnerWords(const Context& context);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_OWNERSHIP_H_
