// SPDX-License-Identifier: GPL-2.0
// The end of each verb that starts a transition or waits for one.
#include "controller/verbs/finish.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/transition/progress.h"
#include "controller/ops/health/health_gate.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/history/record.h"
#include "controller/ops/transition/ownership.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// The patch is enabled: returns what the health gate says, unless the gate is
// switched off.
absl::StatusOr<std::string> Gate(Context& context, const std::string& patch,
                                 const WaitOptions& options) {
  if (options.gate_off.empty()) {
    // A verb that has only waited so far takes over the gate.
    Own(context);
    return AwaitHealth(context, patch, /*completed_now=*/true);
  }
  SkipHealth(context, patch, options.gate_off);
  return std::string();
}

}  // namespace

absl::StatusOr<int> FinishTransition(Context& context, absl::string_view verb,
                                     const std::string& patch, bool patching,
                                     const WaitOptions& options,
                                     std::vector<std::string> warnings) {
  ActionReport report;
  report.verb = std::string(verb);
  report.patch = patch;
  report.warnings = std::move(warnings);
  for (std::string& warning : WarnOfForces(context, patch)) {
    report.warnings.push_back(std::move(warning));
  }
  if (options.may_force) {
    // The daemon reads this event once no process waits any longer.
    RecordStart(context, patch);
    RecordEvent(context, kForceAllowed, "");
  }
  if (options.no_wait) {
    RecordStart(context, patch);
    report.result = "started";
    report.message = absl::StrCat(patch, ": ", DirectionWord(patching),
                                  " is under way; 'klp-controller wait ", patch,
                                  "' waits for it");
    Print(context, report);
    return 0;
  }
  // The deadline does not apply to a reversal: it must not be reversed again.
  const WaitOptions wait =
      verb == "reverse" ? options : WithDeadline(context, patch, options);
  const absl::StatusOr<Progress> done =
      WaitForTransition(context, patch, patching, wait);
  if (KindOf(done.status()) == ErrorKind::kStillRunning &&
      wait.force_on_timeout && !context.kernel.Interrupted() && Own(context)) {
    return RunForce(context, {patch, std::nullopt, /*understood=*/true});
  }
  if (!done.ok()) return done.status();
  report.result = "complete";
  report.message = CompletionLine(*done);
  if (patching && verb != "reverse") {
    const absl::StatusOr<std::string> health = Gate(context, patch, options);
    if (!health.ok()) return health.status();
    absl::StrAppend(&report.message, *health);
  }
  if (done->tasks > 0) report.tasks = done->tasks;
  report.elapsed_ms = done->elapsed_ms;
  Print(context, report);
  return 0;
}

}  // namespace klpx
