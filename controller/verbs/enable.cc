// SPDX-License-Identifier: GPL-2.0
// enable: makes all checks, then loads the engine, attaches the observer and
// loads the patch.
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/base/sha256.h"
#include "controller/core/base/text.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/boot/guard.h"
#include "controller/ops/health/health_gate.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/adoption.h"
#include "controller/ops/kernel/engine.h"
#include "controller/ops/kernel/load_lock.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/ops/patch/checks.h"
#include "controller/ops/patch/load.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/ops/transition/ownership.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/finish.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr absl::string_view kVerb = "enable";

std::string Prefix(const std::string& argument) {
  return absl::StrCat("'", Printable(argument.substr(argument.rfind('/') + 1)),
                      "': enable refused");
}

absl::StatusOr<int> Unchanged(Context& context, const std::string& patch,
                              const EnableOptions& options) {
  std::string health;
  if (!options.dry_run && options.wait.gate_off.empty()) {
    // Resume the health gate of an earlier enable that was killed.
    const absl::StatusOr<std::string> held =
        AwaitHealth(context, patch, /*completed_now=*/false);
    if (!held.ok()) return held.status();
    health = *held;
  }
  ActionReport report;
  report.warnings = WarnOfForces(context, patch);
  report.verb = std::string(kVerb);
  report.patch = patch;
  report.result = "unchanged";
  report.message = absl::StrCat(patch, ": already enabled", health);
  Print(context, report);
  return 0;
}

// The engine has the patch: there is nothing to load, at most a running disable
// to reverse.
absl::StatusOr<int> EnableRegistered(Context& context, const PatchState& patch,
                                     const EnableOptions& options) {
  absl::Status engine = CheckIsOn(patch, options.engine);
  if (engine.ok()) engine = CheckEngine(context, patch.engine);
  if (!engine.ok()) return engine;
  if (patch.enabled && !patch.transition) {
    return Unchanged(context, patch.name, options);
  }
  if (options.dry_run) return 0;
  if (!patch.enabled) {
    RecordStart(context, patch.name);
    BeginHealth(context);
    const absl::Status written =
        WriteAttribute(context.kernel, patch.name, "enabled", "1");
    if (!written.ok()) return Annotate(written, Prefix(patch.name));
    RecordEvent(context, "reverse", "");
  }
  return FinishTransition(context, kVerb, patch.name, /*patching=*/true,
                          options.wait, {});
}

// Returns warnings: the patch works without the observer.
std::vector<std::string> AttachObserver(Context& context) {
  const auto observer = context.observer.Attach();
  if (observer.ok()) return {};
  std::string warning =
      absl::StrCat("no BPF observer, 'blocking' will not work: ",
                   observer.status().message());
  Warn(context, warning);
  return {std::move(warning)};
}

// Removes the module of a disabled patch: a module runs its init only once, so
// it must be removed before it can be loaded again.
absl::Status RemoveLeftover(Context& context, const std::string& module) {
  for (const PatchState& patch : ReadPatches(context.kernel)) {
    if (patch.name == module) return RemoveModule(context, module);
  }
  return absl::OkStatus();
}

// Returns a function that removes what a refused patch would leave behind: the
// engine, if it was not loaded before, its policy and its observer. Call it
// while LockLoading() is held, so that no other enable relies on them yet;
// without that lock it removes nothing.
std::function<void()> UndoPreparation(Context& context, bool locked) {
  const bool had_engine = IsModuleLoaded(context.kernel, KLPX_MODULE_NAME);
  return [&context, had_engine, locked] {
    if (had_engine || !locked) return;
    if (!ReadPatches(context.kernel, Engine::kKlpx).empty()) return;
    context.policy->Detach().IgnoreError();
    context.observer.Unpin().IgnoreError();
    if (RemoveModule(context, KLPX_MODULE_NAME).ok()) return;
    // A patch was loaded by insmod, which takes no lock: give it the observer
    // and the policy back.
    AttachObserver(context);
    ApplyIfNone(context, Engine::kKlpx).IgnoreError();
  };
}

// The record for the history, made before the module is loaded.
Announcement AnnouncementOf(Context& context, const PatchFile& file,
                            const Findings& findings) {
  Announcement announcement;
  announcement.patch = file.module;
  announcement.engine = file.engine;
  announcement.findings = findings;
  if (!file.patch) return announcement;
  announcement.model = file.patch->model;
  if (!file.patch->replace) return announcement;
  for (const PatchState& patch : ReadPatches(context.kernel, file.engine)) {
    if (patch.registered &&
        patch.replace_set.value_or(0) == file.patch->replace_set) {
      announcement.replaces.push_back(patch.name);
    }
  }
  return announcement;
}

// Prints one line for each finding, and returns the lines.
std::vector<std::string> Tell(Context& context, const Findings& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    lines.push_back(Sentence(finding));
    const bool grave = RowOf(finding.code).severity == Severity::kWarning;
    grave ? Warn(context, lines.back()) : Note(context, lines.back());
  }
  return lines;
}

// Marks a patch that is loaded at boot as being tried: if it brings the machine
// down, the next boot does not load it (guard.h).
absl::Status Guard(Context& context, const std::string& patch,
                   const EnableOptions& options) {
  if (!IsAccepted(context, patch)) return absl::OkStatus();
  const absl::Status marked = BeginAttempt(context, patch);
  if (marked.ok() || options.guard_required) return marked;
  Warn(context, absl::StrCat("'", patch,
                             "': without a guard mark; if the machine goes "
                             "down now, the patch is tried again at boot: ",
                             marked.message()));
  return absl::OkStatus();
}

// Loads a patch that has passed all checks. Holds the lock until the kernel has
// taken the module.
absl::StatusOr<int> Load(Context& context, const PatchFile& file,
                         const std::string& bytes, const EnableOptions& options,
                         const Findings& findings,
                         std::optional<FileLock> lock) {
  absl::Cleanup undo = UndoPreparation(context, lock.has_value());
  const absl::Status engine =
      EnsureEngine(context, file.engine, options.klpx_module);
  if (!engine.ok()) return engine;
  std::vector<std::string> warnings = AttachObserver(context);
  const std::vector<std::string> policy = ApplyIfPossible(context, file.engine);
  warnings.insert(warnings.end(), policy.begin(), policy.end());
  const std::vector<std::string> forced = WarnOfForces(context, file.module);
  warnings.insert(warnings.end(), forced.begin(), forced.end());
  const absl::Status cleared = RemoveLeftover(context, file.module);
  if (!cleared.ok()) return Annotate(cleared, Prefix(options.patch));
  const absl::Status guarded = Guard(context, file.module, options);
  if (!guarded.ok()) return Annotate(guarded, Prefix(options.patch));
  RecordAnnouncement(context, AnnouncementOf(context, file, findings));
  BeginHealth(context);
  // Loading a module may take long: the daemon must not act meanwhile.
  if (!options.wait.no_wait) Own(context);
  const absl::Status inserted =
      InsertPatch(context, options.patch, file, bytes, options.engine);
  if (!inserted.ok()) {
    RecordRefusal(context);
    EndAttempt(context, file.module);
    return Annotate(inserted, Prefix(options.patch));
  }
  std::move(undo).Cancel();
  lock.reset();
  NoteLoadedFrom(context, file.module, options.patch, Sha256(bytes));
  const std::vector<std::string> taken = TellEngine(context, file);
  warnings.insert(warnings.end(), taken.begin(), taken.end());
  const std::vector<std::string> told = Tell(context, findings);
  warnings.insert(warnings.end(), told.begin(), told.end());
  absl::StatusOr<int> code =
      FinishTransition(context, kVerb, file.module, /*patching=*/true,
                       options.wait, std::move(warnings));
  if (KindOf(code.status()) == ErrorKind::kReversed) {
    EndAttempt(context, file.module);
  }
  return code;
}

absl::StatusOr<int> EnableFile(Context& context, const EnableOptions& options) {
  const absl::StatusOr<std::string> bytes =
      options.bytes ? *options.bytes : ReadPatchBytes(context, options.patch);
  if (!bytes.ok()) return Annotate(bytes.status(), Prefix(options.patch));
  absl::StatusOr<PatchFile> file = ParsePatch(context, *bytes);
  if (!file.ok()) return Annotate(file.status(), Prefix(options.patch));
  if (file->module == KLPX_MODULE_NAME) return EngineIsNoPatch();
  absl::StatusOr<std::optional<FileLock>> lock;
  // Locked before the checks, so that none of them sees an engine that is being
  // loaded or removed.
  if (!options.dry_run) lock = LockLoading(context);
  if (!options.dry_run && !lock.ok()) {
    return Annotate(lock.status(), Prefix(options.patch));
  }
  file = ForEngine(context, options.engine, *std::move(file));
  if (!file.ok()) return Annotate(file.status(), Prefix(options.patch));
  const std::optional<PatchState> patch =
      ReadPatch(context.kernel, file->module);
  if (patch && (patch->enabled || patch->transition) &&
      IsLoadedBuild(context, *file).value_or(false)) {
    if (lock.ok()) lock->reset();
    return EnableRegistered(context, *patch, options);
  }
  const PreflightReport checked = Check(context, *file, CheckOptions());
  const absl::Status fatal = FirstFatal(checked.findings);
  if (!fatal.ok()) return Annotate(fatal, Prefix(options.patch));
  if (!options.dry_run) {
    return Load(context, *file, *bytes, options, checked.findings,
                *std::move(lock));
  }
  ActionReport report;
  report.verb = std::string(kVerb);
  report.patch = file->module;
  report.result = "unchanged";
  report.message =
      absl::StrCat(file->module, ": all checks passed, nothing done");
  report.warnings = Tell(context, checked.findings);
  Print(context, report);
  return 0;
}

// Enables a disabled patch from the file that it was loaded from in this boot,
// provided that its module is still loaded for comparison.
absl::StatusOr<int> EnableFromKnownFile(Context& context,
                                        const std::string& name,
                                        const EnableOptions& options) {
  const std::string path = LoadedFrom(context, name);
  if (!IsModuleLoaded(context.kernel, name)) {
    return Error(ErrorKind::kNoSuchPatch, "'", name, "': no such patch; ",
                 path.empty()
                     ? "give the path of a .ko file"
                     : absl::StrCat("in this boot it was loaded from ", path,
                                    ": give that path, or another"));
  }
  const std::string disabled =
      absl::StrCat("'", name, "': disabled; to enable it again,");
  if (path.empty()) {
    return Error(ErrorKind::kNoSuchPatch, disabled,
                 " give the path of its .ko file");
  }
  const absl::StatusOr<PatchFile> file = ReadPatchFile(context, path);
  if (!file.ok() || file->module != name ||
      !IsLoadedBuild(context, *file).value_or(false)) {
    return Error(ErrorKind::kNoSuchPatch, disabled,
                 " give the path of its .ko file (it was loaded from ", path,
                 ": ",
                 file.ok() ? "that file no longer matches the loaded module"
                           : file.status().message(),
                 ")");
  }
  EnableOptions known = options;
  known.patch = path;
  return EnableFile(context, known);
}

absl::StatusOr<int> EnableName(Context& context, const EnableOptions& options) {
  const absl::StatusOr<std::string> name = ResolveName(context, options.patch);
  if (!name.ok()) return name.status();
  if (*name == KLPX_MODULE_NAME) return EngineIsNoPatch();
  const std::optional<PatchState> patch = ReadPatch(context.kernel, *name);
  if (patch && (patch->enabled || patch->transition)) {
    return EnableRegistered(context, *patch, options);
  }
  return EnableFromKnownFile(context, *name, options);
}

}  // namespace

absl::StatusOr<int> RunEnable(Context& context, const EnableOptions& options) {
  const absl::Status root = RequireRoot(context, kVerb);
  if (!root.ok()) return root;
  return IsPath(options.patch) ? EnableFile(context, options)
                               : EnableName(context, options);
}

}  // namespace klpx
