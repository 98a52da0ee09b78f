// SPDX-License-Identifier: GPL-2.0
// What it means, from then on, that tasks were forced.
#include "controller/core/force_notes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

// Out of this patch: its code may be in use. Into it: that of what was before.
std::string Meaning(bool out_of_it) {
  return out_of_it ? "may still run its code, so its module stays until reboot"
                   : "may still run the code from before";
}

std::string Sentence(const ForceMark& mark) {
  return absl::StrCat(Count(mark.tasks, "task"), " forced ",
                      mark.out_of_it ? "out of it" : "into it",
                      " and unchecked, ", Meaning(mark.out_of_it),
                      "; 'klp-controller explain ", mark.transition, "'");
}

bool WasReplaced(const TransitionRecord& record, const std::string& patch) {
  return std::find(record.replaces.begin(), record.replaces.end(), patch) !=
         record.replaces.end();
}

}  // namespace

std::vector<ForceMark> ForceMarksOf(
    const std::string& patch,
    const std::vector<TransitionRecord>& newest_first) {
  std::vector<ForceMark> marks;
  bool checked = false;
  for (const TransitionRecord& record : newest_first) {
    const bool arrived = record.reversals % 2 == 0;
    const bool patched = record.patching == arrived;
    if (record.forced > 0 && record.patch == patch && !(patched && checked)) {
      marks.push_back({record.id, !patched, record.forced});
    }
    if (record.forced > 0 && patched && WasReplaced(record, patch)) {
      marks.push_back({record.id, /*out_of_it=*/true, record.forced});
    }
    checked = checked ||
              (record.patch == patch && record.outcome == Outcome::kCompleted);
  }
  return marks;
}

std::vector<std::string> ForceNotes(const PatchState& patch) {
  std::vector<std::string> notes;
  bool out_of_it = false;
  for (const ForceMark& mark : patch.forces) {
    notes.push_back(Sentence(mark));
    out_of_it = out_of_it || mark.out_of_it;
  }
  // Forced before anybody kept a record.
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
