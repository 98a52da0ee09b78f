// SPDX-License-Identifier: GPL-2.0
// check: is anything in transition? The answer is the exit code.
#include <optional>

#include "controller/commands/commands.h"
#include "controller/sys/sysfs.h"

namespace klpx {

absl::StatusOr<int> RunCheck(Context& context) {
  const std::optional<PatchState> patch = FindTransition(context.kernel);
  if (context.style.json) {
    context.out << CheckJson(context.kernel.ReadHost(), patch);
  } else if (!context.style.quiet) {
    context.out << CheckText(patch);
  }
  return patch ? 1 : 0;
}

}  // namespace klpx
