// SPDX-License-Identifier: GPL-2.0
// enable: all checks first, then the engine, the observer, the patch.
#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "controller/commands/commands.h"
#include "controller/commands/engine.h"
#include "controller/commands/forced.h"
#include "controller/commands/load.h"
#include "controller/commands/record.h"
#include "controller/commands/resolve.h"
#include "controller/core/abi.h"
#include "controller/core/error.h"
#include "controller/core/patch_name.h"
#include "controller/sys/sysfs.h"

namespace klpx {
namespace {

constexpr absl::string_view kVerb = "enable";

std::string Prefix(const std::string& argument) {
  return absl::StrCat("'", argument.substr(argument.rfind('/') + 1),
                      "': enable refused");
}

absl::StatusOr<int> Unchanged(Context& context, const std::string& patch) {
  ActionReport report;
  report.warnings = WarnOfForces(context, patch);
  report.verb = std::string(kVerb);
  report.patch = patch;
  report.result = "unchanged";
  report.message = absl::StrCat(patch, ": already enabled");
  Print(context, report);
  return 0;
}

// A patch the engine knows: nothing to load, at most a disable to turn round.
absl::StatusOr<int> EnableRegistered(Context& context, const PatchState& patch,
                                     const EnableOptions& options) {
  const absl::Status abi = CheckEngineAbi(context);
  if (!abi.ok()) return abi;
  if (patch.enabled && !patch.transition) {
    return Unchanged(context, patch.name);
  }
  if (options.dry_run) return 0;
  if (!patch.enabled) {
    RecordStart(context, patch.name);
    const absl::Status written =
        WriteAttribute(context.kernel, patch.name, "enabled", "1");
    if (!written.ok()) return Annotate(written, Prefix(patch.name));
    RecordEvent(context, "reverse", "");
  }
  return FinishTransition(context, kVerb, patch.name, /*patching=*/true,
                          options.wait, {});
}

absl::StatusOr<int> EnableName(Context& context, const EnableOptions& options) {
  const absl::StatusOr<std::string> name = ResolveName(options.patch);
  if (!name.ok()) return name.status();
  const std::optional<PatchState> patch = ReadPatch(context.kernel, *name);
  if (patch && (patch->enabled || patch->transition)) {
    return EnableRegistered(context, *patch, options);
  }
  const bool loaded = IsModuleLoaded(context.kernel, *name);
  return Error(ErrorKind::kNoSuchPatch, "'", *name,
               "': ", loaded ? "disabled; to enable it again" : "no such patch",
               loaded ? " give the path of its .ko file"
                      : "; give the path of a .ko file");
}

// What is worth a warning is returned; the patch works without it.
std::vector<std::string> AttachObserver(Context& context) {
  const auto observer = context.observer.Attach();
  if (observer.ok()) return {};
  std::string warning =
      absl::StrCat("no BPF observer, 'blocking' will not work: ",
                   observer.status().message());
  Warn(context, warning);
  return {std::move(warning)};
}

// A loaded module of this name that has nothing to do with us.
bool IsForeignModule(Context& context, const std::string& module) {
  if (!IsModuleLoaded(context.kernel, module)) return false;
  const std::vector<PatchState> patches = ReadPatches(context.kernel);
  return std::none_of(
      patches.begin(), patches.end(),
      [&](const PatchState& patch) { return patch.name == module; });
}

// The module of a patch that was disabled: a module runs its init only once,
// so it has to go before it can come again.
absl::Status RemoveLeftover(Context& context, const std::string& module) {
  for (const PatchState& patch : ReadPatches(context.kernel)) {
    if (patch.name == module) return RemoveModule(context, module);
  }
  return absl::OkStatus();
}

// Takes away what a refused patch would leave behind: the engine and the
// observer, if they are not here yet.
std::function<void()> UndoPreparation(Context& context) {
  const bool had_pins = context.kernel.Exists(KLPX_PIN_TASK_STATE);
  const bool had_engine = IsModuleLoaded(context.kernel, KLPX_MODULE_NAME);
  return [&context, had_pins, had_engine] {
    if (!had_pins) context.observer.Unpin().IgnoreError();
    if (had_engine || !ReadPatches(context.kernel).empty()) return;
    RemoveModule(context, KLPX_MODULE_NAME).IgnoreError();
  };
}

// What the history is told before the module is loaded.
Announcement AnnouncementOf(Context& context, const PatchFile& file,
                            const std::vector<std::string>& notes) {
  Announcement announcement;
  announcement.patch = file.module;
  announcement.notes = notes;
  if (!file.patch) return announcement;
  announcement.model = file.patch->model;
  if (!file.patch->replace) return announcement;
  for (const PatchState& patch : ReadPatches(context.kernel)) {
    if (patch.registered && patch.replace_set == file.patch->replace_set) {
      announcement.replaces.push_back(patch.name);
    }
  }
  return announcement;
}

// The patch of a file that passed all checks.
absl::StatusOr<int> Load(Context& context, const PatchFile& file,
                         const EnableOptions& options,
                         const std::vector<std::string>& notes) {
  absl::Cleanup undo = UndoPreparation(context);
  const absl::Status engine = EnsureEngine(context, options.klpx_module);
  if (!engine.ok()) return engine;
  std::vector<std::string> warnings = AttachObserver(context);
  const std::vector<std::string> forced = WarnOfForces(context, file.module);
  warnings.insert(warnings.end(), forced.begin(), forced.end());
  const absl::Status cleared = RemoveLeftover(context, file.module);
  if (!cleared.ok()) return Annotate(cleared, Prefix(options.patch));
  RecordAnnouncement(context, AnnouncementOf(context, file, notes));
  const absl::Status inserted =
      InsertPatch(context, options.patch, file.module);
  if (!inserted.ok()) {
    RecordRefusal(context);
    return Annotate(inserted, Prefix(options.patch));
  }
  std::move(undo).Cancel();
  for (const std::string& note : notes) Note(context, note);
  warnings.insert(warnings.end(), notes.begin(), notes.end());
  return FinishTransition(context, kVerb, file.module, /*patching=*/true,
                          options.wait, std::move(warnings));
}

absl::StatusOr<int> EnableFile(Context& context, const EnableOptions& options) {
  const absl::StatusOr<PatchFile> file = ReadPatchFile(context, options.patch);
  if (!file.ok()) return Annotate(file.status(), Prefix(options.patch));
  const std::optional<PatchState> patch =
      ReadPatch(context.kernel, file->module);
  if (patch && (patch->enabled || patch->transition)) {
    if (IsLoadedBuild(context, *file).value_or(false)) {
      return EnableRegistered(context, *patch, options);
    }
    return Error(ErrorKind::kNameTaken, Prefix(options.patch),
                 ": another build of '", file->module, "' is ",
                 StateWord(*patch), "; unload that first ('klp-controller ",
                 "unload ", file->module, "') or rename the module");
  }
  if (IsForeignModule(context, file->module)) {
    return Error(ErrorKind::kNameTaken, Prefix(options.patch), ": a module '",
                 file->module,
                 "' that is not a patch is loaded; rename the patch");
  }
  const absl::StatusOr<std::vector<std::string>> notes =
      Preflight(context, *file);
  if (!notes.ok()) return Annotate(notes.status(), Prefix(options.patch));
  if (!options.dry_run) return Load(context, *file, options, *notes);
  for (const std::string& note : *notes) Note(context, note);
  ActionReport report;
  report.verb = std::string(kVerb);
  report.patch = file->module;
  report.result = "unchanged";
  report.message =
      absl::StrCat(file->module, ": all checks passed, nothing done");
  report.warnings = *notes;
  Print(context, report);
  return 0;
}

}  // namespace

absl::StatusOr<int> RunEnable(Context& context, const EnableOptions& options) {
  const absl::Status root = RequireRoot(context, kVerb);
  if (!root.ok()) return root;
  return IsPath(options.patch) ? EnableFile(context, options)
                               : EnableName(context, options);
}

}  // namespace klpx
