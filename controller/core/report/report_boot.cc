// SPDX-License-Identifier: GPL-2.0
// What is loaded at boot, how that went, and what else could be loaded.
#include "controller/core/report/report_boot.h"

#include "absl/strings/str_cat.h"
#include "controller/core/base/json.h"
#include "controller/core/base/text.h"

namespace klpx {

std::string AcceptedListText(const AcceptedList& list) {
  if (list.empty()) return "no patch is accepted for this kernel\n";
  Table table({"PATCH", "ENGINE", "ACCEPTED", "FROM"});
  for (const AcceptedPatch& patch : list) {
    table.Add({Printable(patch.name), Printable(patch.engine),
               absl::FormatTime("%Y-%m-%d %H:%M UTC", patch.time,
                                absl::UTCTimeZone()),
               Printable(patch.from)});
  }
  return table.ToString();
}

std::string BootText(const BootReport& report) {
  std::string text;
  for (const BootRow& row : report.rows) {
    absl::StrAppend(&text, Printable(row.patch), ": ", row.result,
                    row.message.empty() ? "" : ": ", Printable(row.message),
                    "\n");
  }
  if (!report.message.empty()) absl::StrAppend(&text, report.message, "\n");
  return text;
}

std::string BootJson(const Host& host, const BootReport& report) {
  Json json = Envelope("klp.restore/v1", host);
  json["verb"] = report.verb;
  json["message"] = report.message;
  json["patches"] = Json::array();
  for (const BootRow& row : report.rows) {
    json["patches"].push_back({{"name", row.patch},
                               {"result", row.result},
                               {"message", row.message}});
  }
  return Dump(json);
}

}  // namespace klpx
