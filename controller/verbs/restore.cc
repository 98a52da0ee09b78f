// SPDX-License-Identifier: GPL-2.0
// restore: loads the accepted patches in their order, in the same way as
// enable. Meant for boot, but safe at any time: enabled patches are left alone.
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/boot/attempt.h"
#include "controller/core/report/report_boot.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/boot/attempt_store.h"
#include "controller/ops/boot/import_kpatch.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/ops/patch/load.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// The limit per patch if neither --timeout nor the policy sets one.
constexpr absl::Duration kPatchTimeout = absl::Seconds(60);

struct Restored {
  BootRow row;
  absl::Status status;  // why it is not enabled
};

Restored NotIn(const std::string& patch, const char* result,
               const absl::Status& why) {
  return {{patch, result, std::string(why.message())}, why};
}

WaitOptions WaitOf(Kernel& kernel, Console& console, const std::string& patch,
                   absl::Duration timeout) {
  WaitOptions wait;
  wait.timeout = timeout;
  wait.health_check_off = "it was accepted before";
  wait = WithDeadline(kernel, console, patch, wait);
  if (wait.timeout == absl::InfiniteDuration()) wait.timeout = kPatchTimeout;
  return wait;
}

// A patch comes back on the engine that it was accepted on. A list may have
// another word, as it may be of a later version.
std::string EngineOf(const AcceptedPatch& patch) {
  const bool known = patch.engine == RowOf(Engine::kKlpx).word ||
                     patch.engine == RowOf(Engine::kKernel).word;
  return known ? patch.engine : "";
}

// Runs enable: its warnings are passed on, its result is reported by restore.
absl::Status EnableQuietly(Context& context, const AcceptedFile& file,
                           const std::string& engine, const WaitOptions& wait) {
  std::ostringstream result;
  const OutputStyle& style = context.console.style;
  Context inner(context, result, context.console.err);
  inner.console.style = style;
  inner.console.style.json = false;
  inner.console.style.quiet = style.json || style.quiet;
  inner.recorder.by = "boot";
  EnableOptions options;
  options.patch = file.path;
  options.bytes = file.bytes;
  options.wait = wait;
  options.mark_required = true;
  options.engine = engine;
  return RunEnable(inner, options).status();
}

absl::Status CheckKeptOut(Recorder& recorder, const BootFiles& boot,
                          const std::string& patch) {
  for (const KeptOut& kept_out : ReadKeptOut(boot)) {
    if (kept_out.patch != patch) continue;
    RecordKeptOut(recorder, kept_out);
    return Error(ErrorKind::kRefused, kept_out.why);
  }
  return absl::OkStatus();
}

bool IsEnabled(Kernel& kernel, const std::string& patch) {
  const std::optional<PatchState> state = ReadPatch(kernel, patch);
  return state && state->enabled && !state->transition;
}

Restored Restore(Context& context, const AcceptedPatch& patch,
                 absl::Duration timeout) {
  if (IsEnabled(context.kernel, patch.name)) {
    return {{patch.name, "unchanged", "already enabled"}, absl::OkStatus()};
  }
  const absl::Status kept_out =
      CheckKeptOut(context.recorder, context.boot, patch.name);
  if (!kept_out.ok()) return NotIn(patch.name, "skipped", kept_out);
  const absl::StatusOr<AcceptedFile> file =
      ReadAcceptedFile(context.boot, patch);
  if (!file.ok()) return NotIn(patch.name, "skipped", file.status());
  const absl::Status status = EnableQuietly(
      context, *file, EngineOf(patch),
      WaitOf(context.kernel, context.console, patch.name, timeout));
  if (!status.ok()) return NotIn(patch.name, "failed", status);
  return {{patch.name, "enabled", ""}, absl::OkStatus()};
}

absl::StatusOr<int> PrintReport(Kernel& kernel, Console& console,
                                const BootReport& report, int code) {
  if (console.style.json) {
    console.out << BootJson(kernel.ReadHost(), report);
  } else if (!console.style.quiet) {
    console.out << BootText(report);
  }
  return code;
}

absl::Status Retry(Kernel& kernel, const BootFiles& boot,
                   const AcceptedList& list, const std::string& argument) {
  const absl::StatusOr<std::string> name = ResolveName(kernel, argument);
  if (!name.ok()) return name.status();
  if (FindAccepted(list, *name) == nullptr) {
    return Error(ErrorKind::kNoSuchPatch, "'", *name,
                 "': not accepted for this kernel; 'klp-controller accept "
                 "--list' shows those that are");
  }
  return ForgetAttempt(boot, *name);
}

absl::StatusOr<int> RestoreAll(Context& context, AcceptedList list,
                               absl::Duration timeout,
                               const RestoreOptions& options) {
  BootReport report;
  report.verb = "restore";
  if (!options.retry.empty()) {
    const absl::Status retried =
        Retry(context.kernel, context.boot, list, options.retry);
    if (!retried.ok()) return retried;
    const std::string name = *ResolveName(context.kernel, options.retry);
    std::erase_if(
        list, [&](const AcceptedPatch& patch) { return patch.name != name; });
  }
  const std::string conflict = KpatchConflict(context.kernel);
  if (!conflict.empty()) Warn(context.console, conflict);
  int code = 0;
  for (const AcceptedPatch& patch : list) {
    const Restored restored = Restore(context, patch, timeout);
    report.rows.push_back(restored.row);
    if (code == 0) code = ExitCodeOf(restored.status);
    if (context.kernel.Interrupted()) break;
  }
  if (list.empty()) report.message = "no patch is accepted for this kernel";
  return PrintReport(context.kernel, context.console, report, code);
}

}  // namespace

absl::StatusOr<int> RunRestore(Context& context, absl::Duration timeout,
                               const RestoreOptions& options) {
  const absl::Status root = RequireRoot(context.kernel, "restore");
  if (!root.ok()) return root;
  SettleAttempts(context.boot);
  BootReport report;
  report.verb = "restore";
  if (options.shutdown) EndAllAttempts(context.boot);
  if (options.settle || options.shutdown) {
    return PrintReport(context.kernel, context.console, report, 0);
  }
  const absl::StatusOr<std::string> command_line =
      context.kernel.ReadFile("/proc/cmdline");
  if (command_line.ok() && IsRestoreOff(*command_line)) {
    report.message =
        "switched off: klpx.restore=0 is on the kernel command line; no patch "
        "was loaded";
    return PrintReport(context.kernel, context.console, report, 0);
  }
  absl::StatusOr<AcceptedList> list = ReadAccepted(context.boot);
  if (!list.ok()) return list.status();
  return RestoreAll(context, *std::move(list), timeout, options);
}

}  // namespace klpx
