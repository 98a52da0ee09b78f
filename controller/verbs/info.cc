// SPDX-License-Identifier: GPL-2.0
// info: describes a patch file or a loaded patch. The file tells more than
// sysfs, so the file of a loaded patch is looked up in modules.dep.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/core/preflight/description_check.h"
#include "controller/core/preflight/preflight.h"
#include "controller/core/transition/patch_stack.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/ops/patch/load.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/reports.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// The installed file of a module.
std::optional<std::string> FindFile(Kernel& kernel, const std::string& module) {
  const std::string dir =
      absl::StrCat("/lib/modules/", kernel.ReadHost().kernel, "/");
  const absl::StatusOr<std::string> list =
      kernel.ReadFile(absl::StrCat(dir, "modules.dep"));
  if (!list.ok()) return std::nullopt;
  const std::string path = FindModulePath(*list, module);
  if (path.empty()) return std::nullopt;
  return path[0] == '/' ? path : absl::StrCat(dir, path);
}

// Adds the installed file of a patch that was given by name, if it can be read.
void AddInstalledFile(Kernel& kernel, Console& console,
                      const std::string& module, InfoReport& report) {
  const std::optional<std::string> path = FindFile(kernel, module);
  if (!path) return;
  absl::StatusOr<PatchFile> file = ReadPatchFile(kernel, *path);
  if (!file.ok() || file->engine == Engine::kNone) return;
  report.same_build = IsLoadedBuild(kernel, *file);
  if (report.patch && !report.same_build.value_or(false)) {
    report.same_build.reset();
    Note(console,
         absl::StrCat(*path, " is not what was loaded, so it is left out"));
    return;
  }
  report.path = *path;
  report.file = *std::move(file);
}

// Functions of different patches are compared by address. Reading kallsyms is
// slow, so nothing is read while no patch is installed.
void AddPlaces(Kernel& kernel, InfoReport& report) {
  if (report.installed.empty()) return;
  FunctionSet wanted = PatchedNames(report.installed);
  if (report.file) wanted.merge(WantedSymbols(*report.file));
  report.places =
      FindFunctions(kernel.ReadFile("/proc/kallsyms").value_or(""), wanted);
  Relate(report.installed, report.places);
  for (const PatchState& patch : report.installed) {
    if (report.patch && patch.name == report.patch->name) report.patch = patch;
  }
}

absl::Status DescribeName(Kernel& kernel, Console& console,
                          const std::string& argument, InfoReport& report) {
  const absl::StatusOr<std::string> name = ResolveName(kernel, argument);
  if (!name.ok()) return name.status();
  absl::StatusOr<PatchState> loaded = ResolvePatch(kernel, *name);
  if (loaded.ok()) report.patch = *std::move(loaded);
  AddInstalledFile(kernel, console, *name, report);
  return report.file ? absl::OkStatus() : loaded.status();
}

absl::Status DescribeFile(Kernel& kernel, const std::string& path,
                          InfoReport& report) {
  absl::StatusOr<PatchFile> file = ReadPatchFile(kernel, path);
  if (!file.ok()) {
    return Annotate(file.status(), absl::StrCat("'", path, "'"));
  }
  report.path = path;
  report.file = *std::move(file);
  for (const PatchState& patch : report.installed) {
    if (patch.name == report.file->module) report.patch = patch;
  }
  if (report.patch) report.same_build = IsLoadedBuild(kernel, *report.file);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<InfoReport> ReadInfo(Context& context,
                                    const std::string& patch) {
  InfoReport report;
  report.installed = ReadPatches(context.kernel);
  const absl::Status status =
      IsPath(patch)
          ? DescribeFile(context.kernel, patch, report)
          : DescribeName(context.kernel, context.console, patch, report);
  if (!status.ok()) return status;
  if (report.file) {
    for (const std::string& module : WantedModules(*report.file)) {
      if (!IsModuleLoaded(context.kernel, module)) continue;
      report.loaded_modules.insert(module);
    }
  }
  AddPlaces(context.kernel, report);
  if (report.patch) {
    std::vector<PatchState> one = {*report.patch};
    MarkForced(context.recorder, one);
    report.patch = one.front();
  }
  if (report.file) {
    for (const Finding& finding : CheckDescription(*report.file)) {
      Warn(context.console, Sentence(finding));
    }
  }
  report.host = context.kernel.ReadHost();
  return report;
}

absl::StatusOr<int> RunInfo(Context& context, const std::string& patch) {
  const absl::StatusOr<InfoReport> report = ReadInfo(context, patch);
  if (!report.ok()) return report.status();
  context.console.out << (context.console.style.json ? InfoJson(*report)
                                                     : InfoText(*report));
  return 0;
}

}  // namespace klpx
