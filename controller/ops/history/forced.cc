// SPDX-License-Identifier: GPL-2.0
// Which patches have had tasks forced in this boot.
#include "controller/ops/history/forced.h"

#include <utility>

#include "controller/core/history/force_notes.h"
#include "controller/ops/console/console.h"
#include "controller/ops/history/record.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

absl::StatusOr<std::vector<TransitionRecord>> OfThisBoot(Recorder& recorder) {
  absl::StatusOr<HistoryStore> store = OpenReconciled(recorder, recorder.path);
  if (!store.ok()) return store.status();
  HistoryFilter filter;
  filter.boot_id = recorder.kernel.ReadHost().boot_id;
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

void MarkForced(Recorder& recorder, std::vector<PatchState>& patches) {
  if (recorder.path.empty() || patches.empty()) return;
  if (recorder.broken || !recorder.kernel.IsRoot()) return;
  const auto records = OfThisBoot(recorder);
  if (!records.ok()) {
    if (!absl::IsNotFound(records.status())) {
      Warn(recorder.console, records.status().message());
    }
    return;
  }
  for (PatchState& patch : patches) {
    patch.forces = ForceMarksOf(patch, *records);
  }
}

std::vector<std::string> ForceWarnings(Recorder& recorder,
                                       const std::string& name) {
  std::vector<std::string> warnings;
  for (const PatchState& patch : ReadPatches(recorder.kernel)) {
    if (patch.name != name) continue;
    std::vector<PatchState> one = {patch};
    MarkForced(recorder, one);
    for (const std::string& note : ForceNotes(one.front())) {
      warnings.push_back(absl::StrCat(name, ": ", note));
    }
  }
  return warnings;
}

}  // namespace klpx
