// SPDX-License-Identifier: GPL-2.0
// disable: takes a patch out of use; its module stays loaded.
#include <string>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/ops/kernel/engine.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/ops/patch/load.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/finish.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr absl::string_view kVerb = "disable";

}  // namespace

absl::StatusOr<int> RunDisable(Context& context,
                               const DisableOptions& options) {
  const absl::Status root = RequireRoot(context.kernel, kVerb);
  if (!root.ok()) return root;
  const absl::StatusOr<PatchState> patch =
      ResolvePatch(context.kernel, options.patch);
  if (!patch.ok()) return patch.status();
  if (!patch->registered || (!patch->enabled && !patch->transition)) {
    ActionReport report;
    report.verb = std::string(kVerb);
    report.patch = patch->name;
    report.result = "unchanged";
    report.message = absl::StrCat(patch->name, ": already disabled");
    Print(context.console, context.kernel, report);
    return 0;
  }
  WaitOptions wait = options.wait;
  wait.switched_before = SwitchedTasks(context.kernel, patch->engine);
  absl::Status status = CheckEngine(context.kernel, patch->engine);
  if (status.ok()) {
    status = CheckNoOtherTransition(context.kernel, patch->engine, patch->name);
  }
  if (status.ok() && patch->enabled) {
    status = StartDisable(context.kernel, context.recorder, *patch);
  }
  if (!status.ok()) {
    return Annotate(status,
                    absl::StrCat("'", patch->name, "': disable refused"));
  }
  return FinishTransition(context.supervisor(), context.boot,
                          {kVerb, patch->name, /*patching=*/false, wait},
                          Warnings(context.console));
}

}  // namespace klpx
