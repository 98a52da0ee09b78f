// SPDX-License-Identifier: GPL-2.0
// One process acts on a transition at a time; the others watch. Whoever waits
// for one with a time limit of his own has it until he leaves, or is killed;
// then the next one, or the daemon, has. What a person says by hand (reverse,
// signal, force) needs no ownership: it counts at once.
#ifndef KLPX_CONTROLLER_COMMANDS_OWNERSHIP_H_
#define KLPX_CONTROLLER_COMMANDS_OWNERSHIP_H_

#include <string>

#include "controller/commands/context.h"

namespace klpx {

// True if this process has it, now or from before. Where no lock can be had,
// as on a read-only /run, everybody has it. A context without a path likewise.
bool Own(Context& context);

// Has this process a lock of its own already?
bool Owns(const Context& context);

// For those that do not end when they have acted.
void Disown(Context& context);

// Who else has it, for a message.
std::string OwnerWords(const Context& context);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_COMMANDS_OWNERSHIP_H_
