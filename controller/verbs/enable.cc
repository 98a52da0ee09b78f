// SPDX-License-Identifier: GPL-2.0
// enable: makes all checks, then loads the engine, attaches the observer and
// loads the patch.
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/base/sha256.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/boot/attempt_store.h"
#include "controller/ops/boot/known.h"
#include "controller/ops/enable/load_patch.h"
#include "controller/ops/health/health_check.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/kernel/adoption.h"
#include "controller/ops/kernel/load_lock.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/ops/patch/load.h"
#include "controller/ops/patch/preflight_file.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/finish.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr absl::string_view kVerb = "enable";

int ReportUnchanged(Kernel& kernel, Console& console, const std::string& patch,
                    absl::string_view why, const Warnings& warnings) {
  ActionReport report;
  report.verb = std::string(kVerb);
  report.patch = patch;
  report.result = "unchanged";
  report.message = absl::StrCat(patch, ": ", why);
  report.warnings = warnings.lines();
  Print(console, kernel, report);
  return 0;
}

absl::StatusOr<int> Unchanged(const Supervisor& supervisor,
                              const BootFiles& boot, const std::string& patch,
                              const EnableOptions& options) {
  std::string health;
  if (!options.dry_run && options.wait.health_check_off.empty()) {
    // Resume the health check of an earlier enable that was killed.
    const absl::StatusOr<std::string> held =
        AwaitHealth(supervisor, boot, patch, /*completed_now=*/false);
    if (!held.ok()) return held.status();
    health = *held;
  }
  Warnings warnings(supervisor.console);
  warnings.Add(ForceWarnings(supervisor.recorder, patch));
  return ReportUnchanged(supervisor.kernel, supervisor.console, patch,
                         absl::StrCat("already enabled", health), warnings);
}

// The engine has the patch: there is nothing to load, at most a running disable
// to reverse.
absl::StatusOr<int> EnableRegistered(const Supervisor& supervisor,
                                     const BootFiles& boot,
                                     const PatchState& patch,
                                     const EnableOptions& options) {
  absl::Status engine = CheckIsOn(patch, options.engine);
  if (engine.ok()) engine = CheckEngine(supervisor.kernel, patch.engine);
  if (!engine.ok()) return engine;
  if (patch.enabled && !patch.transition) {
    return Unchanged(supervisor, boot, patch.name, options);
  }
  if (options.dry_run) return 0;
  if (!patch.enabled) {
    const absl::Status reversed =
        ReverseDisable(supervisor.kernel, supervisor.recorder, patch.name);
    if (!reversed.ok()) return reversed;
  }
  return FinishTransition(supervisor, boot,
                          {kVerb, patch.name, /*patching=*/true, options.wait},
                          Warnings(supervisor.console));
}

// What the steps of one enable hand on.
struct Enabling {
  Context& context;
  const EnableOptions& options;
  Warnings warnings;
  std::string bytes = {};
  PatchFile file = {};
  std::optional<FileLock> lock = {};
  Findings findings = {};
  std::optional<int> code = {};  // the enable is over
};

absl::Status Refusal(const absl::Status& status, const Enabling& enabling) {
  return Annotate(status, EnableRefused(enabling.options.patch));
}

absl::Status ReadBytes(Enabling& enabling) {
  const EnableOptions& options = enabling.options;
  absl::StatusOr<std::string> bytes =
      options.bytes ? *options.bytes
                    : ReadPatchBytes(enabling.context.kernel, options.patch);
  if (!bytes.ok()) return Refusal(bytes.status(), enabling);
  enabling.bytes = *std::move(bytes);
  return absl::OkStatus();
}

absl::Status Parse(Enabling& enabling) {
  absl::StatusOr<PatchFile> file =
      ParsePatch(enabling.context.kernel, enabling.bytes);
  if (!file.ok()) return Refusal(file.status(), enabling);
  if (file->module == KLPX_MODULE_NAME) return EngineIsNoPatch();
  enabling.file = *std::move(file);
  return absl::OkStatus();
}

// Locked before the checks, so that none of them sees an engine that is being
// loaded or removed.
absl::Status Lock(Enabling& enabling) {
  if (enabling.options.dry_run) return absl::OkStatus();
  const BootFiles& boot = enabling.context.boot;
  absl::StatusOr<std::optional<FileLock>> lock =
      LockLoading(boot.kernel, boot.console, boot.run_dir, boot.verb);
  if (!lock.ok()) return Refusal(lock.status(), enabling);
  enabling.lock = *std::move(lock);
  return absl::OkStatus();
}

// After the lock, which 'adopt on' takes, too.
absl::Status DecideEngine(Enabling& enabling) {
  absl::StatusOr<PatchFile> file =
      ForEngine(enabling.context.kernel, enabling.options.engine,
                std::move(enabling.file));
  if (!file.ok()) return Refusal(file.status(), enabling);
  enabling.file = *std::move(file);
  return absl::OkStatus();
}

absl::Status EndIfRegistered(Enabling& enabling) {
  Context& context = enabling.context;
  const std::optional<PatchState> patch =
      ReadPatch(context.kernel, enabling.file.module);
  const bool in = patch && (patch->enabled || patch->transition);
  if (!in || !IsLoadedBuild(context.kernel, enabling.file).value_or(false)) {
    return absl::OkStatus();
  }
  enabling.lock.reset();
  const absl::StatusOr<int> code = EnableRegistered(
      context.supervisor(), context.boot, *patch, enabling.options);
  if (code.ok()) enabling.code = *code;
  return code.status();
}

absl::Status MakeChecks(Enabling& enabling) {
  enabling.findings = PreflightFile(enabling.context.machine, enabling.file,
                                    PreflightFileOptions())
                          .findings;
  return Refusal(FirstFatal(enabling.findings), enabling);
}

absl::Status EndIfDryRun(Enabling& enabling) {
  if (!enabling.options.dry_run) return absl::OkStatus();
  enabling.warnings.AddFindings(enabling.findings);
  enabling.code = ReportUnchanged(
      enabling.context.kernel, enabling.context.console, enabling.file.module,
      "all checks passed, nothing done", enabling.warnings);
  return absl::OkStatus();
}

// Holds the lock until the kernel has taken the module.
absl::Status Load(Enabling& enabling) {
  Context& context = enabling.context;
  const EnableOptions& options = enabling.options;
  const Supervisor supervisor = context.supervisor();
  const absl::Status loaded =
      LoadPatch({context.machine, supervisor, context.boot, enabling.warnings},
                {options.patch,
                 enabling.bytes,
                 enabling.file,
                 enabling.findings,
                 {options.klpx_module, context.program_dir},
                 /*waits=*/!options.wait.no_wait,
                 options.mark_required,
                 /*locked=*/enabling.lock.has_value(),
                 options.engine});
  if (!loaded.ok()) return loaded;
  enabling.lock.reset();
  NoteLoadedFrom(context.boot, enabling.file.module, options.patch,
                 Sha256(enabling.bytes));
  return absl::OkStatus();
}

absl::Status Finish(Enabling& enabling) {
  Context& context = enabling.context;
  enabling.warnings.AddFindings(enabling.findings);
  const absl::StatusOr<int> code = FinishTransition(
      context.supervisor(), context.boot,
      {kVerb, enabling.file.module, /*patching=*/true, enabling.options.wait},
      enabling.warnings);
  if (KindOf(code.status()) == ErrorKind::kReversed) {
    EndAttempt(context.boot, enabling.file.module);
  }
  if (code.ok()) enabling.code = *code;
  return code.status();
}

// LoadPatch() has steps of its own.
constexpr absl::Status (*kSteps[])(Enabling&) = {
    ReadBytes,  Parse,       Lock, DecideEngine, EndIfRegistered,
    MakeChecks, EndIfDryRun, Load, Finish,
};

absl::StatusOr<int> EnableFile(Context& context, const EnableOptions& options) {
  Enabling enabling = {context, options, Warnings(context.console)};
  for (const auto step : kSteps) {
    const absl::Status done = step(enabling);
    if (!done.ok()) return done;
    if (enabling.code) break;
  }
  return enabling.code.value_or(0);
}

absl::StatusOr<int> EnableName(Context& context, const EnableOptions& options) {
  const absl::StatusOr<std::string> name =
      ResolveName(context.kernel, options.patch);
  if (!name.ok()) return name.status();
  if (*name == KLPX_MODULE_NAME) return EngineIsNoPatch();
  const std::optional<PatchState> patch = ReadPatch(context.kernel, *name);
  if (patch && (patch->enabled || patch->transition)) {
    return EnableRegistered(context.supervisor(), context.boot, *patch,
                            options);
  }
  const absl::StatusOr<std::string> path =
      FileToEnableAgain(context.boot, *name);
  if (!path.ok()) return path.status();
  EnableOptions known = options;
  known.patch = *path;
  return EnableFile(context, known);
}

}  // namespace

absl::StatusOr<int> RunEnable(Context& context, const EnableOptions& options) {
  const absl::Status root = RequireRoot(context.kernel, kVerb);
  if (!root.ok()) return root;
  return IsPath(options.patch) ? EnableFile(context, options)
                               : EnableName(context, options);
}

}  // namespace klpx
