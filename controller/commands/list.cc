// SPDX-License-Identifier: GPL-2.0
// list: all patches, one a row.
#include <vector>

#include "controller/commands/commands.h"
#include "controller/sys/sysfs.h"

namespace klpx {

absl::StatusOr<int> RunList(Context& context) {
  const std::vector<PatchState> patches = ReadPatches(context.kernel);
  context.out << (context.style.json
                      ? ListJson(context.kernel.ReadHost(), patches)
                      : ListText(patches));
  return 0;
}

}  // namespace klpx
