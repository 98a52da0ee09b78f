// SPDX-License-Identifier: GPL-2.0
// What is to be known of a machine beside its patches.
#include "controller/ops/health/status_notes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/ops/boot/guard.h"
#include "controller/ops/health/health_gate.h"
#include "controller/ops/policy/policy_rules.h"

namespace klpx {

std::vector<std::string> StatusNotes(Context& context) {
  std::vector<std::string> notes;
  // A file that others may not read is no mistake.
  const absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(context, "");
  if (!policy.ok() && context.kernel.IsRoot()) {
    notes.push_back(
        absl::StrCat(kPolicyFile,
                     " cannot be used, so no deadline and no health "
                     "gate counts; 'klp-controller policy check' "
                     "says why"));
  }
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
