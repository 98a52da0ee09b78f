// SPDX-License-Identifier: GPL-2.0
// info: what a patch file, or a loaded patch, is and replaces.
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/commands/commands.h"
#include "controller/commands/load.h"
#include "controller/commands/resolve.h"
#include "controller/core/error.h"
#include "controller/core/patch_name.h"
#include "controller/sys/sysfs.h"

namespace klpx {

absl::StatusOr<int> RunInfo(Context& context, const std::string& patch) {
  InfoReport report;
  if (IsPath(patch)) {
    absl::StatusOr<PatchFile> file = ReadPatchFile(context, patch);
    if (!file.ok()) {
      return Annotate(file.status(), absl::StrCat("'", patch, "'"));
    }
    report.path = patch;
    report.file = *std::move(file);
    report.patch = ReadPatch(context.kernel, report.file->module);
  } else {
    absl::StatusOr<PatchState> loaded = ResolvePatch(context, patch);
    if (!loaded.ok()) return loaded.status();
    report.patch = *std::move(loaded);
  }
  report.host = context.kernel.ReadHost();
  context.out << (context.style.json ? InfoJson(report) : InfoText(report));
  return 0;
}

}  // namespace klpx
