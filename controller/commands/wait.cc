// SPDX-License-Identifier: GPL-2.0
// wait: until a transition has ended, of one patch or of any.
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/commands/commands.h"
#include "controller/commands/resolve.h"
#include "controller/sys/sysfs.h"

namespace klpx {

absl::StatusOr<int> RunWait(Context& context, const DisableOptions& options) {
  std::optional<PatchState> patch = FindTransition(context.kernel);
  if (!options.patch.empty()) {
    absl::StatusOr<PatchState> named = ResolvePatch(context, options.patch);
    if (!named.ok()) return named.status();
    patch = *std::move(named);
  }
  if (patch && patch->transition) {
    return FinishTransition(context, "wait", patch->name, patch->enabled,
                            options.wait, {});
  }
  ActionReport report;
  report.verb = "wait";
  report.patch = patch ? patch->name : "";
  report.result = "unchanged";
  report.message =
      patch ? absl::StrCat(patch->name, ": not in transition, it is ",
                           StateWord(*patch))
            : "no patch is in transition";
  Print(context, report);
  return 0;
}

}  // namespace klpx
