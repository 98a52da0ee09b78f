// SPDX-License-Identifier: GPL-2.0
// What the daemon publishes.
#include "controller/core/publish/daemon_report.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "controller/core/base/json.h"
#include "controller/core/base/text.h"
#include "controller/core/publish/snapshot.h"

namespace klpx {

std::string DaemonStatusLine(const DaemonStanding& standing) {
  std::string line = standing.patches == 1
                         ? "1 patch"
                         : absl::StrCat(standing.patches, " patches");
  if (!standing.moving.empty()) {
    absl::StrAppend(&line, ", ", standing.moving.size(), " in transition");
  }
  for (const MovingStanding& moving : standing.moving) {
    absl::StrAppend(&line, ", ", Count(moving.blockers, "task"),
                    " blocking: ", moving.patch, ", ",
                    absl::ToInt64Seconds(moving.elapsed), " s");
  }
  if (standing.reversal_stalled) {
    absl::StrAppend(&line, "; the reversal is held up");
  }
  if (!standing.trouble.empty()) {
    absl::StrAppend(&line, "; ", standing.trouble);
  }
  return line;
}

std::string SnapshotJson(const SnapshotHead& head,
                         const std::vector<SnapshotPart>& parts) {
  Json json = Envelope(kSnapshotSchema, head.host);
  json["daemon"] = {
      {"version", head.version},
      {"pid", head.pid},
      {"started",
       absl::FormatTime(absl::RFC3339_sec, head.started, absl::UTCTimeZone())},
      {"interval_ms", absl::ToInt64Milliseconds(head.interval)},
      {"reversal_stalled", head.reversal_stalled},
      {"trouble", TextOrNull(head.trouble)}};
  Json errors = Json::object();
  for (const SnapshotPart& part : parts) {
    if (part.document.ok()) continue;
    errors[std::string(part.name)] =
        std::string(part.document.status().message());
  }
  json["errors"] = std::move(errors);
  // The documents are JSON already, so they are inserted without parsing.
  std::string text = DumpLine(json);
  text.resize(text.rfind('}'));
  for (const SnapshotPart& part : parts) {
    absl::StrAppend(
        &text, ",\n\"", part.name, "\": ",
        part.document.ok() ? absl::StripSuffix(*part.document, "\n") : "null");
  }
  absl::StrAppend(&text, "}\n");
  return text;
}

}  // namespace klpx
