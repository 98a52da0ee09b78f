// SPDX-License-Identifier: GPL-2.0
// list: all patches, or the functions they replace, one a row.
#include <vector>

#include "controller/commands/commands.h"
#include "controller/commands/forced.h"
#include "controller/sys/sysfs.h"

namespace klpx {

absl::StatusOr<int> RunList(Context& context, const ListOptions& options) {
  std::vector<PatchState> patches = ReadPatches(context.kernel);
  MarkForced(context, patches);
  if (context.style.json) {
    context.out << ListJson(context.kernel.ReadHost(), patches);
  } else {
    context.out << (options.functions ? FunctionsText(patches)
                                      : ListText(patches));
  }
  return 0;
}

}  // namespace klpx
