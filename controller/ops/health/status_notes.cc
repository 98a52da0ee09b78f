// SPDX-License-Identifier: GPL-2.0
// Notes for status about the machine.
#include "controller/ops/health/status_notes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"
#include "controller/ops/boot/attempt_store.h"
#include "controller/ops/health/health_check.h"
#include "controller/ops/policy/policy_rules.h"

namespace klpx {
namespace {

// A line for each open check: how much longer it is open, or why it has failed.
// Empty unless root.
std::vector<std::string> HealthNotes(Kernel& kernel, Console& console,
                                     Recorder& recorder) {
  if (!kernel.IsRoot()) return {};
  const HealthPolicy policy = ReadHealthPolicy(kernel, console);
  if (policy.watch <= absl::ZeroDuration()) return {};
  const absl::StatusOr<std::vector<OpenHealthCheck>> checks =
      OpenHealthChecks(kernel, recorder);
  if (!checks.ok()) return {};
  std::vector<std::string> notes;
  for (const OpenHealthCheck& check : *checks) {
    const absl::Duration left =
        check.completed + policy.watch - kernel.Monotonic();
    notes.push_back(
        check.failing.empty()
            ? absl::StrCat(check.patch,
                           ": its health check is open for another ",
                           ShortDuration(std::max<int64_t>(
                               absl::ToInt64Milliseconds(left), 0)))
            : absl::StrCat(check.patch,
                           ": its health check has failed: ", check.failing));
  }
  return notes;
}

}  // namespace

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
                     "check applies; 'klp-controller policy check' "
                     "says why"));
  }
  for (const KeptOut& kept_out : ReadKeptOut(boot)) {
    notes.push_back(
        absl::StrCat(kept_out.patch, ": not loaded at boot: ", kept_out.why));
  }
  for (std::string& note : HealthNotes(kernel, console, recorder)) {
    notes.push_back(std::move(note));
  }
  return notes;
}

}  // namespace klpx
