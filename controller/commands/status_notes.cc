// SPDX-License-Identifier: GPL-2.0
// What is to be known of a machine beside its patches.
#include "controller/commands/status_notes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/commands/guard.h"
#include "controller/commands/health_gate.h"

namespace klpx {

std::vector<std::string> StatusNotes(Context& context) {
  std::vector<std::string> notes;
  for (const Guarded& guarded : ReadGuarded(context)) {
    notes.push_back(
        absl::StrCat(guarded.patch, ": not loaded at boot: ", guarded.why));
  }
  for (std::string& note : GateNotes(context)) {
    notes.push_back(std::move(note));
  }
  return notes;
}

}  // namespace klpx
