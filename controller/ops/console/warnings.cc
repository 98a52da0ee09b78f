// SPDX-License-Identifier: GPL-2.0
// The warnings of one verb.
#include "controller/ops/console/warnings.h"

namespace klpx {

void Warnings::Add(const std::string& warning) {
  Warn(console_, warning);
  lines_.push_back(warning);
}

void Warnings::Add(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) Add(warning);
}

void Warnings::AddNote(const std::string& note) {
  Note(console_, note);
  lines_.push_back(note);
}

void Warnings::AddFindings(const Findings& findings) {
  for (const Finding& finding : findings) {
    const bool grave = RowOf(finding.code).severity == Severity::kWarning;
    grave ? Add(Sentence(finding)) : AddNote(Sentence(finding));
  }
}

}  // namespace klpx
