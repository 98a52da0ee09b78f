// SPDX-License-Identifier: GPL-2.0
// Notes for status about the machine.
#include "controller/ops/health/status_notes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/ops/boot/guard.h"
#include "controller/ops/health/health_gate.h"
#include "controller/ops/policy/policy_rules.h"

namespace klpx {

std::vector<std::string> StatusNotes(Kernel& kernel, Console& console,
                                     Recorder& recorder,
                                     const BootFiles& boot) {
  std::vector<std::string> notes;
  // A user who may not read the file cannot tell whether it has mistakes.
  const absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(kernel, "");
  if (!policy.ok() && kernel.IsRoot()) {
    notes.push_back(
        absl::StrCat(kPolicyFile,
                     " cannot be used, so no deadline and no health "
                     "gate applies; 'klp-controller policy check' "
                     "says why"));
  }
  for (const Guarded& guarded : ReadGuarded(boot)) {
    notes.push_back(
        absl::StrCat(guarded.patch, ": not loaded at boot: ", guarded.why));
  }
  for (std::string& note : GateNotes(kernel, console, recorder)) {
    notes.push_back(std::move(note));
  }
  return notes;
}

}  // namespace klpx
