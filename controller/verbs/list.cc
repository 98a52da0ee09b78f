// SPDX-License-Identifier: GPL-2.0
// list: all patches, or the functions they replace, one per row.
#include <vector>

#include "controller/ops/history/forced.h"
#include "controller/sys/bpf/function_places.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/verbs.h"

namespace klpx {

absl::StatusOr<int> RunList(Context& context, const ListOptions& options) {
  std::vector<PatchState> patches = ReadPatches(context.kernel);
  FunctionPlacesReader reader;
  RelateByAddress(context.kernel, reader, patches);
  const FunctionTable& places = reader.Read(context.kernel, patches);
  MarkForced(context.recorder, patches);
  if (context.console.style.json) {
    context.console.out << ListJson(context.kernel.ReadHost(), patches, places);
  } else {
    context.console.out << (options.functions ? FunctionsText(patches, places)
                                              : ListText(patches));
  }
  return 0;
}

}  // namespace klpx
