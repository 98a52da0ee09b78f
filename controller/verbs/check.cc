// SPDX-License-Identifier: GPL-2.0
// check: the exit code says whether anything is in transition.
#include <vector>

#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/verbs.h"

namespace klpx {

absl::StatusOr<int> RunCheck(Context& context) {
  const std::vector<PatchState> moving = FindTransitions(context.kernel);
  if (context.console.style.json) {
    context.console.out << CheckJson(context.kernel.ReadHost(), moving);
  } else if (!context.console.style.quiet) {
    context.console.out << CheckText(moving);
  }
  return moving.empty() ? 0 : 1;
}

}  // namespace klpx
