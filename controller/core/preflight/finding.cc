// SPDX-License-Identifier: GPL-2.0
// What a check before an enable has found.
#include "controller/core/preflight/finding.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"

namespace klpx {

absl::string_view SeverityWord(Severity severity) {
  switch (severity) {
    case Severity::kFatal:
      return "fatal";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "note";
}

std::string Sentence(const Finding& finding) {
  if (finding.advice.empty()) return finding.found;
  return absl::StrCat(finding.found, "; ", finding.advice);
}

absl::Status FirstFatal(const Findings& findings) {
  for (const Finding& finding : findings) {
    const FindingRow& row = RowOf(finding.code);
    if (row.severity != Severity::kFatal) continue;
    return MakeError(row.kind, Sentence(finding));
  }
  return absl::OkStatus();
}

bool Has(const Findings& findings, FindingCode code) {
  return std::any_of(
      findings.begin(), findings.end(),
      [&](const Finding& finding) { return finding.code == code; });
}

size_t CountOf(const Findings& findings, Severity severity) {
  return std::count_if(findings.begin(), findings.end(),
                       [&](const Finding& finding) {
                         return RowOf(finding.code).severity == severity;
                       });
}

Finding FindingOf(FindingCode code, const absl::Status& status) {
  const absl::string_view message = status.message();
  const size_t split = message.rfind("; ");
  Finding finding = {code, "", "", std::string(message.substr(0, split)), ""};
  if (split != absl::string_view::npos) {
    finding.advice = std::string(message.substr(split + 2));
  }
  return finding;
}

void Append(Findings more, Findings& findings) {
  findings.insert(findings.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
}

}  // namespace klpx
