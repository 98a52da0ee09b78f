// SPDX-License-Identifier: GPL-2.0
// One process acts on a transition at a time; the others watch. A process that
// has started a transition, or that waits with an order for the end of its
// timeout, owns transitions until it exits; then the next such process, or the
// daemon, takes over. A process that only waits does not own: it would keep the
// others from acting. What the user orders by hand (reverse, signal, force)
// needs no ownership: it takes effect at once.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_OWNERSHIP_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_OWNERSHIP_H_

#include <string>

#include "absl/strings/string_view.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Takes the ownership if it is free. True if this process has it, now or from
// before. Where no lock can be taken, as on a read-only /run, and for a context
// without a path, every process has it.
bool Own(Context& context);

// If this process owns: publishes what it will do when its time is up, as
// PlanText(), or "" if it has no time limit.
void NotePlan(Context& context, absl::string_view plan);

// Is the owner a process without a time limit, which never acts?
bool OwnerOnlyWaits(const Context& context);

// Does this process own already?
bool Owns(const Context& context);

// Gives the ownership up, for processes that live on after they have acted.
void Disown(Context& context);

// The owning process, for a message.
std::string OwnerWords(const Context& context);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_OWNERSHIP_H_
