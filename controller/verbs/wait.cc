// SPDX-License-Identifier: GPL-2.0
// wait: waits until the transition of one patch, or of any, has ended.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/core/transition/progress.h"
#include "controller/ops/health/health_check.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/finish.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// An open health check is part of a transition: the process that ran it may
// have been killed, so wait resumes it.
absl::StatusOr<std::string> ResumeHealthChecks(
    const Supervisor& supervisor, const BootFiles& boot,
    const std::optional<PatchState>& patch) {
  if (patch) {
    return AwaitHealth(supervisor, boot, patch->name, /*completed_now=*/false);
  }
  const absl::StatusOr<std::vector<OpenHealthCheck>> checks =
      OpenHealthChecks(supervisor.kernel, supervisor.recorder);
  std::string said;
  if (!checks.ok()) return said;
  for (const OpenHealthCheck& check : *checks) {
    const absl::StatusOr<std::string> health =
        AwaitHealth(supervisor, boot, check.patch, /*completed_now=*/false);
    if (!health.ok()) return health;
    if (!health->empty()) absl::StrAppend(&said, "; ", check.patch, *health);
  }
  return said;
}

// Waits until all but the last of them have ended. Returns the options with the
// time that is left.
absl::StatusOr<WaitOptions> WaitForOthers(const Supervisor& supervisor,
                                          const std::vector<PatchState>& moving,
                                          WaitOptions options) {
  for (size_t i = 0; i + 1 < moving.size(); i++) {
    const absl::Duration start = supervisor.kernel.Monotonic();
    const absl::StatusOr<Progress> done =
        WaitForTransition(supervisor, moving[i].name, moving[i].enabled,
                          WithDeadline(supervisor.kernel, supervisor.console,
                                       moving[i].name, options));
    if (!done.ok()) return done.status();
    Note(supervisor.console, CompletionLine(*done));
    options.timeout =
        std::max(options.timeout - (supervisor.kernel.Monotonic() - start),
                 absl::ZeroDuration());
  }
  return options;
}

}  // namespace

absl::StatusOr<int> RunWait(Context& context, const DisableOptions& options) {
  std::vector<PatchState> moving = FindTransitions(context.kernel);
  std::optional<PatchState> patch;
  if (!options.patch.empty()) {
    absl::StatusOr<PatchState> named =
        ResolvePatch(context.kernel, options.patch);
    if (!named.ok()) return named.status();
    patch = *std::move(named);
    moving.clear();
    if (patch->transition) moving.push_back(*patch);
  }
  if (!moving.empty()) {
    const absl::StatusOr<WaitOptions> wait =
        WaitForOthers(context.supervisor(), moving, options.wait);
    if (!wait.ok()) return wait.status();
    return FinishTransition(
        context.supervisor(), context.boot,
        {"wait", moving.back().name, moving.back().enabled, *wait},
        Warnings(context.console));
  }
  const absl::StatusOr<std::string> health =
      ResumeHealthChecks(context.supervisor(), context.boot, patch);
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
  Print(context.console, context.kernel, report);
  return 0;
}

}  // namespace klpx
