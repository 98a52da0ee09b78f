// SPDX-License-Identifier: GPL-2.0
// The end of each verb that starts a transition or waits for one.
#include "controller/verbs/finish.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/transition/progress.h"
#include "controller/ops/health/health_check.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/history/record.h"
#include "controller/ops/transition/ownership.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// The patch is enabled: returns what the health check says, unless the check is
// switched off.
absl::StatusOr<std::string> RunHealthCheck(const Supervisor& supervisor,
                                           const BootFiles& boot,
                                           const Ending& ending) {
  if (ending.wait.health_check_off.empty()) {
    // A verb that has only waited so far takes over the check.
    Own(supervisor.ownership);
    return AwaitHealth(supervisor, boot, ending.patch, /*completed_now=*/true);
  }
  SkipHealth(supervisor, ending.patch, ending.wait.health_check_off);
  return std::string();
}

int ReportStarted(const Supervisor& supervisor, const Ending& ending,
                  ActionReport report) {
  RecordStart(supervisor.recorder, ending.patch);
  report.result = "started";
  report.message = absl::StrCat(
      ending.patch, ": ", DirectionWord(ending.patching),
      " is under way; 'klp-controller wait ", ending.patch, "' waits for it");
  Print(supervisor.console, supervisor.kernel, report);
  return 0;
}

}  // namespace

absl::StatusOr<int> FinishTransition(const Supervisor& supervisor,
                                     const BootFiles& boot,
                                     const Ending& ending, Warnings warnings) {
  const std::string& patch = ending.patch;
  warnings.Add(ForceWarnings(supervisor.recorder, patch));
  ActionReport report;
  report.verb = std::string(ending.verb);
  report.patch = patch;
  report.warnings = warnings.lines();
  if (ending.wait.may_force) {
    // The daemon reads this event once no process waits any longer.
    RecordStart(supervisor.recorder, patch);
    RecordEvent(supervisor.recorder, kForceAllowed, "");
  }
  if (ending.wait.no_wait) return ReportStarted(supervisor, ending, report);
  // The deadline does not apply to a reversal: it must not be reversed again.
  const bool reversal = ending.verb == "reverse";
  const WaitOptions wait =
      reversal ? ending.wait
               : WithDeadline(supervisor.kernel, supervisor.console, patch,
                              ending.wait);
  const absl::StatusOr<Progress> done =
      WaitForTransition(supervisor, patch, ending.patching, wait);
  if (KindOf(done.status()) == ErrorKind::kStillRunning &&
      wait.force_on_timeout && !supervisor.kernel.Interrupted() &&
      Own(supervisor.ownership)) {
    return RunForce(supervisor, {patch, std::nullopt, /*understood=*/true});
  }
  if (!done.ok()) return done.status();
  report.result = "complete";
  report.message = CompletionLine(*done);
  if (ending.patching && !reversal) {
    const absl::StatusOr<std::string> health =
        RunHealthCheck(supervisor, boot, ending);
    if (!health.ok()) return health.status();
    absl::StrAppend(&report.message, *health);
  }
  if (done->tasks > 0) report.tasks = done->tasks;
  report.elapsed_ms = done->elapsed_ms;
  Print(supervisor.console, supervisor.kernel, report);
  return 0;
}

}  // namespace klpx
