// SPDX-License-Identifier: GPL-2.0
// reverse: reverses a transition, so that every task moves back.
#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/finish.h"
#include "controller/verbs/verbs.h"

namespace klpx {

absl::StatusOr<int> RunReverse(Context& context,
                               const DisableOptions& options) {
  const absl::Status root = RequireRoot(context.kernel, "reverse");
  if (!root.ok()) return root;
  const absl::StatusOr<PatchState> patch =
      ResolveInTransition(context.kernel, options.patch);
  if (!patch.ok()) return patch.status();
  WaitOptions wait = options.wait;
  wait.switched_before = SwitchedTasks(context.kernel, patch->engine);
  RecordStart(context.recorder, patch->name);
  const absl::Status written = WriteAttribute(
      context.kernel, patch->name, "enabled", patch->enabled ? "0" : "1");
  if (!written.ok()) {
    return Annotate(written,
                    absl::StrCat("'", patch->name, "': reverse refused"));
  }
  RecordEvent(context.recorder, "reverse", "");
  return FinishTransition(
      context.supervisor(), context.boot,
      {"reverse", patch->name, /*patching=*/!patch->enabled, wait},
      Warnings(context.console));
}

}  // namespace klpx
