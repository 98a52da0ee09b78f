// SPDX-License-Identifier: GPL-2.0
// restore: loads the accepted patches in their order, in the same way as
// enable. Meant for boot, but safe at any time: enabled patches are left alone.
#include <optional>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/boot/attempt.h"
#include "controller/core/report/report_boot.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/boot/guard.h"
#include "controller/ops/boot/import_kpatch.h"
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

WaitOptions WaitOf(Context& context, const std::string& patch,
                   absl::Duration timeout) {
  WaitOptions wait;
  wait.timeout = timeout;
  wait.gate_off = "it was accepted before";
  wait = WithDeadline(context, patch, wait);
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
  Context inner = Within(context, result, context.err);
  inner.style = context.style;
  inner.style.json = false;
  inner.style.quiet = context.style.json || context.style.quiet;
  inner.recorder.by = "boot";
  EnableOptions options;
  options.patch = file.path;
  options.bytes = file.bytes;
  options.wait = wait;
  options.guard_required = true;
  options.engine = engine;
  return RunEnable(inner, options).status();
}

absl::Status CheckGuard(Context& context, const std::string& patch) {
  for (const Guarded& guarded : ReadGuarded(context)) {
    if (guarded.patch != patch) continue;
    RecordGuarded(context, guarded);
    return Error(ErrorKind::kRefused, guarded.why);
  }
  return absl::OkStatus();
}

bool IsEnabled(Context& context, const std::string& patch) {
  const std::optional<PatchState> state = ReadPatch(context.kernel, patch);
  return state && state->enabled && !state->transition;
}

Restored Restore(Context& context, const AcceptedPatch& patch,
                 absl::Duration timeout) {
  if (IsEnabled(context, patch.name)) {
    return {{patch.name, "unchanged", "already enabled"}, absl::OkStatus()};
  }
  const absl::Status guard = CheckGuard(context, patch.name);
  if (!guard.ok()) return NotIn(patch.name, "skipped", guard);
  const absl::StatusOr<AcceptedFile> file = ReadAcceptedFile(context, patch);
  if (!file.ok()) return NotIn(patch.name, "skipped", file.status());
  const absl::Status status = EnableQuietly(
      context, *file, EngineOf(patch), WaitOf(context, patch.name, timeout));
  if (!status.ok()) return NotIn(patch.name, "failed", status);
  return {{patch.name, "enabled", ""}, absl::OkStatus()};
}

absl::StatusOr<int> Tell(Context& context, const BootReport& report, int code) {
  if (context.style.json) {
    context.out << BootJson(context.kernel.ReadHost(), report);
  } else if (!context.style.quiet) {
    context.out << BootText(report);
  }
  return code;
}

absl::Status Retry(Context& context, const AcceptedList& list,
                   const std::string& argument) {
  const absl::StatusOr<std::string> name = ResolveName(context, argument);
  if (!name.ok()) return name.status();
  if (FindAccepted(list, *name) == nullptr) {
    return Error(ErrorKind::kNoSuchPatch, "'", *name,
                 "': not accepted for this kernel; 'klp-controller accept "
                 "--list' shows those that are");
  }
  return ForgetAttempt(context, *name);
}

absl::StatusOr<int> RestoreAll(Context& context, AcceptedList list,
                               absl::Duration timeout,
                               const RestoreOptions& options) {
  BootReport report;
  report.verb = "restore";
  if (!options.retry.empty()) {
    const absl::Status retried = Retry(context, list, options.retry);
    if (!retried.ok()) return retried;
    const std::string name = *ResolveName(context, options.retry);
    std::erase_if(
        list, [&](const AcceptedPatch& patch) { return patch.name != name; });
  }
  const std::string conflict = KpatchConflict(context);
  if (!conflict.empty()) Warn(context, conflict);
  int code = 0;
  for (const AcceptedPatch& patch : list) {
    const Restored restored = Restore(context, patch, timeout);
    report.rows.push_back(restored.row);
    if (code == 0) code = ExitCodeOf(restored.status);
    if (context.kernel.Interrupted()) break;
  }
  if (list.empty()) report.message = "no patch is accepted for this kernel";
  return Tell(context, report, code);
}

}  // namespace

absl::StatusOr<int> RunRestore(Context& context, absl::Duration timeout,
                               const RestoreOptions& options) {
  const absl::Status root = RequireRoot(context, "restore");
  if (!root.ok()) return root;
  SettleAttempts(context);
  BootReport report;
  report.verb = "restore";
  if (options.shutdown) EndAllAttempts(context);
  if (options.settle || options.shutdown) return Tell(context, report, 0);
  const absl::StatusOr<std::string> command_line =
      context.kernel.ReadFile("/proc/cmdline");
  if (command_line.ok() && IsRestoreOff(*command_line)) {
    report.message =
        "switched off: klpx.restore=0 is on the kernel command line; no patch "
        "was loaded";
    return Tell(context, report, 0);
  }
  absl::StatusOr<AcceptedList> list = ReadAccepted(context);
  if (!list.ok()) return list.status();
  return RestoreAll(context, *std::move(list), timeout, options);
}

}  // namespace klpx
