// SPDX-License-Identifier: GPL-2.0
// The short reports: 'list', all patches, one a row, and 'check'.
#include "absl/strings/str_cat.h"
#include "controller/core/report.h"
#include "controller/core/report_json.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

std::string NumberOrDash(const std::optional<uint64_t>& number) {
  return number ? absl::StrCat(*number) : "-";
}

}  // namespace

std::string ListText(const std::vector<PatchState>& patches) {
  Table table({"PATCH", "STATE", "ORDER", "VERSION", "FUNCTIONS", "PENDING"});
  for (const PatchState& patch : patches) {
    table.Add({patch.name, std::string(StateWord(patch)),
               NumberOrDash(patch.stack_order), patch.version,
               absl::StrCat(FunctionCount(patch)),
               NumberOrDash(patch.pending)});
  }
  return table.ToString();
}

std::string ListJson(const Host& host, const std::vector<PatchState>& patches) {
  Json json = Envelope("klp.list/v1", host);
  json["patches"] = Json::array();
  for (const PatchState& patch : patches) {
    Json entry = PatchJson(patch);
    entry["functions"] = FunctionCount(patch);
    entry.erase("objects");
    json["patches"].push_back(std::move(entry));
  }
  return Dump(json);
}

std::string CheckText(const std::optional<PatchState>& in_transition) {
  if (!in_transition) return "settled\n";
  return absl::StrCat("in progress: ", in_transition->name, " is ",
                      StateWord(*in_transition), "\n");
}

std::string CheckJson(const Host& host,
                      const std::optional<PatchState>& in_transition) {
  Json json = Envelope("klp.check/v1", host);
  json["settled"] = !in_transition.has_value();
  json["in_transition"] =
      in_transition ? Json(in_transition->name) : Json(nullptr);
  return Dump(json);
}

}  // namespace klpx
