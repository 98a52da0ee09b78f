// SPDX-License-Identifier: GPL-2.0
// The reports of verbs that act, and of errors.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/report/report.h"
#include "controller/core/report/report_json.h"

namespace klpx {
namespace {

Json ErrorObject(absl::string_view verb, const absl::Status& status) {
  const ErrorRow& row = RowOf(KindOf(status));
  Json json;
  json["verb"] = TextOrNull(verb);
  json["code"] = std::string(row.code);
  json["exit_code"] = row.exit_code;
  json["message"] = std::string(status.message());
  return json;
}

}  // namespace

std::string ActionText(const ActionReport& report) {
  return absl::StrCat(PrintableLines(report.message), "\n");
}

std::string ActionJson(const Host& host, const ActionReport& report) {
  Json json = Envelope("klp.action/v1", host);
  json["verb"] = report.verb;
  json["patch"] = TextOrNull(report.patch);
  json["result"] = report.result;
  json["message"] = report.message;
  json["tasks"] = OrNull(report.tasks);
  json["elapsed_ms"] = OrNull(report.elapsed_ms);
  json["affected"] = BlockersJson(report.affected, host.monotonic_ns);
  json["warnings"] = report.warnings;
  return Dump(json);
}

std::string ErrorText(const absl::Status& status) {
  std::string text;
  for (const absl::string_view line : absl::StrSplit(status.message(), '\n')) {
    absl::StrAppend(&text, "klp-controller: ", Printable(line), "\n");
  }
  return text;
}

std::string ErrorJson(const Host& host, absl::string_view verb,
                      const absl::Status& status) {
  Json json = Envelope("klp.error/v1", host);
  json["error"] = ErrorObject(verb, status);
  return Dump(json);
}

}  // namespace klpx
