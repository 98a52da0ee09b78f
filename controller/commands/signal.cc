// SPDX-License-Identifier: GPL-2.0
// signal: wakes blocking user tasks, so that they leave the kernel.
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/commands/commands.h"
#include "controller/commands/push.h"
#include "controller/commands/record.h"

namespace klpx {

absl::StatusOr<int> RunSignal(Context& context, const SignalOptions& options) {
  absl::StatusOr<std::optional<PushTarget>> target = FindPushTarget(
      context, "signal", options.patch, options.task, Names::kIfAttached);
  if (!target.ok()) return target.status();
  if (!*target) return 0;
  const std::string patch = (*target)->patch.name;
  const std::string whom = options.task ? absl::StrCat("task ", *options.task)
                                        : "every task that blocks";
  RecordStart(context, patch);
  const absl::Status pushed = Push(context, patch, "signal", options.task);
  if (!pushed.ok()) return pushed;
  RecordEvent(context, "signal", absl::StrCat("to ", whom));
  ActionReport report;
  report.verb = "signal";
  report.patch = patch;
  report.result = "sent";
  report.message =
      absl::StrCat(patch, ": fake signal sent to ", whom,
                   "; 'klp-controller blocking ", patch, "' shows who is left");
  report.affected = std::move((*target)->blockers);
  Print(context, report);
  return 0;
}

}  // namespace klpx
