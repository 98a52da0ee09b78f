// SPDX-License-Identifier: GPL-2.0
// One process acts on a transition at a time; the others watch. A process that
// has started a transition, or that waits with an order for the end of its
// timeout, owns transitions until it exits; then the next such process, or the
// daemon, takes over. A process that only waits does not own: it would keep the
// others from acting. What the user orders by hand (reverse, signal, force)
// needs no ownership: it takes effect at once.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_OWNERSHIP_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_OWNERSHIP_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "controller/sys/io/file_lock.h"

namespace klpx {

struct Ownership {
  std::string file = {};  // the lock; "": every process may act
  std::string verb = {};  // named in the lock
  // Shared by the verbs that run in one process.
  std::shared_ptr<std::optional<FileLock>> lock =
      std::make_shared<std::optional<FileLock>>();
};

// Takes the ownership if it is free. True if this process has it, now or from
// before. Where no lock can be taken, as on a read-only /run, and without a
// path, every process has it.
bool Own(Ownership& ownership);

// If this process owns: publishes what it will do when its time is up, as
// PlanText(), or "" if it has no time limit.
void NotePlan(Ownership& ownership, absl::string_view plan);

// Is the owner a process without a time limit, which never acts?
bool OwnerOnlyWaits(const Ownership& ownership);

// Does this process own already?
bool Owns(const Ownership& ownership);

// Gives the ownership up, for processes that live on after they have acted.
void Disown(Ownership& ownership);

// The owning process, for a message.
std::string OwnerWords(const Ownership& ownership);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_OWNERSHIP_H_
