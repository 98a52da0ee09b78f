// SPDX-License-Identifier: GPL-2.0
// The lasting consequences of forcing tasks.
#include "controller/core/history/force_notes.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

// After a force out of this patch its code may be in use; after a force into
// it, the code from before.
std::string Meaning(std::optional<bool> out_of_it) {
  if (!out_of_it) return "may still run code that it was forced out of";
  return *out_of_it ? "may still run its code, so its module stays until reboot"
                    : "may still run the old code";
}

std::string Sentence(const ForceMark& mark) {
  return absl::StrCat(Count(mark.tasks, "task"), " forced ",
                      !mark.out_of_it   ? "into it or out of it"
                      : *mark.out_of_it ? "out of it"
                                        : "into it",
                      " without a check ", Meaning(mark.out_of_it),
                      "; see 'klp-controller explain ", mark.transition, "'");
}

bool WasReplaced(const TransitionRecord& record, const std::string& patch) {
  return std::find(record.replaces.begin(), record.replaces.end(), patch) !=
         record.replaces.end();
}

// May a force keep the module loaded? Yes if the kernel does not say.
bool MayBePinned(const PatchState& patch) {
  if (patch.registered) return patch.forced.value_or(true);
  return patch.refcount.value_or(1) > 0;
}

bool IsOver(const TransitionRecord& record) {
  return record.outcome != Outcome::kStarting &&
         record.outcome != Outcome::kRunning;
}

// Does an earlier force into the patch no longer matter after this transition?
// A patch can be enabled only when it is disabled, and for that every task was
// checked.
bool EndsForcesInto(const TransitionRecord& record) {
  return record.patching || record.outcome == Outcome::kCompleted ||
         record.outcome == Outcome::kRemoved;
}

}  // namespace

std::vector<ForceMark> ForceMarksOf(
    const PatchState& patch,
    const std::vector<TransitionRecord>& newest_first) {
  std::vector<ForceMark> marks;
  const bool pinned = MayBePinned(patch);
  bool checked = false;
  const auto add = [&](const TransitionRecord& record,
                       std::optional<bool> out_of_it, uint64_t tasks) {
    if (tasks > 0) marks.push_back({record.id, out_of_it, tasks});
  };
  for (const TransitionRecord& record : newest_first) {
    const ForceCounts forces = CountForces(record);
    if (record.patch == patch.name) {
      // A reversal checks every task, also those forced the other way before.
      const bool ended_patched = record.patching == (record.reversals % 2 == 0);
      const bool left = checked || (IsOver(record) && !ended_patched);
      if (pinned) add(record, /*out_of_it=*/true, forces.out);
      if (!left) add(record, /*out_of_it=*/false, forces.into);
      if (pinned || !left) add(record, std::nullopt, forces.unknown);
      checked = checked || EndsForcesInto(record);
    } else if (pinned && WasReplaced(record, patch.name)) {
      add(record, /*out_of_it=*/true, forces.into);
      add(record, std::nullopt, forces.unknown);
    }
  }
  return marks;
}

std::vector<std::string> ForceNotes(const PatchState& patch) {
  std::vector<std::string> notes;
  bool out_of_it = false;
  for (const ForceMark& mark : patch.forces) {
    notes.push_back(Sentence(mark));
    out_of_it = out_of_it || mark.out_of_it.value_or(false);
  }
  // The history has no record of this force.
  if (patch.forced.value_or(false) && !out_of_it) {
    notes.push_back(absl::StrCat("tasks were forced out of it and ",
                                 Meaning(/*out_of_it=*/true)));
  }
  return notes;
}

std::string ForceNotesText(const std::vector<PatchState>& patches) {
  std::string text;
  for (const PatchState& patch : patches) {
    for (const std::string& note : ForceNotes(patch)) {
      absl::StrAppend(&text, "forced: ", Printable(patch.name), ": ", note,
                      "\n");
    }
  }
  return text;
}

}  // namespace klpx
