// SPDX-License-Identifier: GPL-2.0
// wait: until a transition has ended, of one patch or of any.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/commands/commands.h"
#include "controller/commands/health_gate.h"
#include "controller/commands/resolve.h"
#include "controller/sys/sysfs.h"

namespace klpx {
namespace {

// Gates that are open belong to a transition, too: whoever held them may have
// been killed.
absl::StatusOr<std::string> ResumeGates(
    Context& context, const std::optional<PatchState>& patch) {
  if (patch) {
    return AwaitHealth(context, patch->name, /*completed_now=*/false);
  }
  const absl::StatusOr<std::vector<OpenGate>> gates = OpenGates(context);
  std::string said;
  if (!gates.ok()) return said;
  for (const OpenGate& gate : *gates) {
    const absl::StatusOr<std::string> health =
        AwaitHealth(context, gate.patch, /*completed_now=*/false);
    if (!health.ok()) return health;
    if (!health->empty()) absl::StrAppend(&said, "; ", gate.patch, *health);
  }
  return said;
}

}  // namespace

absl::StatusOr<int> RunWait(Context& context, const DisableOptions& options) {
  std::optional<PatchState> patch = FindTransition(context.kernel);
  if (!options.patch.empty()) {
    absl::StatusOr<PatchState> named = ResolvePatch(context, options.patch);
    if (!named.ok()) return named.status();
    patch = *std::move(named);
  }
  if (patch && patch->transition) {
    return FinishTransition(context, "wait", patch->name, patch->enabled,
                            options.wait, {});
  }
  const absl::StatusOr<std::string> health = ResumeGates(context, patch);
  if (!health.ok()) return health.status();
  ActionReport report;
  report.verb = "wait";
  report.patch = patch ? patch->name : "";
  report.result = "unchanged";
  report.message =
      patch ? absl::StrCat(patch->name, ": not in transition, it is ",
                           StateWord(*patch))
            : "no patch is in transition";
  absl::StrAppend(&report.message, *health);
  Print(context, report);
  return 0;
}

}  // namespace klpx
