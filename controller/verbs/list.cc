// SPDX-License-Identifier: GPL-2.0
// list: all patches, or the functions they replace, one per row.
#include <vector>

#include "controller/ops/history/forced.h"
#include "controller/sys/bpf/function_places.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/reports.h"
#include "controller/verbs/verbs.h"

namespace klpx {

ListReport ReadList(Context& context) {
  ListReport report;
  report.patches = ReadPatches(context.kernel);
  FunctionPlacesReader reader;
  RelateByAddress(context.kernel, reader, report.patches);
  report.places = reader.Read(context.kernel, report.patches);
  MarkForced(context.recorder, report.patches);
  report.host = context.kernel.ReadHost();
  return report;
}

absl::StatusOr<int> RunList(Context& context, const ListOptions& options) {
  const ListReport report = ReadList(context);
  if (context.console.style.json) {
    context.console.out << ListJson(report.host, report.patches, report.places);
  } else {
    context.console.out << (options.functions
                                ? FunctionsText(report.patches, report.places)
                                : ListText(report.patches));
  }
  return 0;
}

}  // namespace klpx
