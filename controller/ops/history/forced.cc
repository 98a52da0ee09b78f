// SPDX-License-Identifier: GPL-2.0
// Which patches have had tasks forced in this boot.
#include "controller/ops/history/forced.h"

#include <utility>

#include "controller/core/history/force_notes.h"
#include "controller/ops/history/record.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

absl::StatusOr<std::vector<TransitionRecord>> OfThisBoot(Context& context) {
  absl::StatusOr<HistoryStore> store =
      OpenSettled(context, context.recorder.path);
  if (!store.ok()) return store.status();
  HistoryFilter filter;
  filter.boot_id = context.kernel.ReadHost().boot_id;
  filter.forced = true;
  filter.whole = true;
  auto forced = store->Query(filter);
  if (!forced.ok() || forced->empty()) return forced;
  filter.forced = false;
  filter.whole = false;
  auto all = store->Query(filter);
  if (!all.ok()) return all;
  // Transitions without forced tasks are many: load only their rows, not their
  // parts.
  for (TransitionRecord& record : *all) {
    for (TransitionRecord& whole : *forced) {
      if (whole.id == record.id) record = std::move(whole);
    }
  }
  return all;
}

}  // namespace

void MarkForced(Context& context, std::vector<PatchState>& patches) {
  if (context.recorder.path.empty() || patches.empty()) return;
  if (context.recorder.broken || !context.kernel.IsRoot()) return;
  const auto records = OfThisBoot(context);
  if (!records.ok()) {
    if (!absl::IsNotFound(records.status())) {
      Warn(context, records.status().message());
    }
    return;
  }
  for (PatchState& patch : patches) {
    patch.forces = ForceMarksOf(patch, *records);
  }
}

std::vector<std::string> WarnOfForces(Context& context,
                                      const std::string& name) {
  std::vector<std::string> warnings;
  for (const PatchState& patch : ReadPatches(context.kernel)) {
    if (patch.name != name) continue;
    std::vector<PatchState> one = {patch};
    MarkForced(context, one);
    for (const std::string& note : ForceNotes(one.front())) {
      warnings.push_back(absl::StrCat(name, ": ", note));
      Warn(context, warnings.back());
    }
  }
  return warnings;
}

}  // namespace klpx
