// SPDX-License-Identifier: GPL-2.0
// The short reports: 'list', one row per patch or function, and 'check'.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/text.h"
#include "controller/core/history/force_notes.h"
#include "controller/core/report/report.h"
#include "controller/core/report/report_json.h"
#include "controller/core/transition/patch_stack.h"

namespace klpx {
namespace {

std::string NumberOrDash(const std::optional<uint64_t>& number) {
  return number ? absl::StrCat(*number) : "-";
}

std::string YesNoOrDash(const std::optional<bool>& flag) {
  if (!flag) return "-";
  return *flag ? "yes" : "no";
}

// The number of functions of which the patch has the newest version.
size_t NewestCount(const PatchState& patch) {
  size_t count = 0;
  for (const ObjectState& object : patch.objects) {
    for (const FunctionState& function : object.functions) {
      if (function.owner == patch.name) count++;
    }
  }
  return count;
}

// Columns that are shown only if they say something about these patches.
struct Optional {
  bool engine = false;
  bool version = false;
  bool replace = false;
  bool set = false;
  bool newest = false;
};

Optional OptionalColumns(const std::vector<PatchState>& patches) {
  Optional columns;
  for (const PatchState& patch : patches) {
    columns.engine |= patch.engine != Engine::kKlpx || patch.adopted;
    columns.version |= !patch.version.empty();
    columns.replace |= patch.replace.value_or(false);
    columns.set |= patch.replace_set.value_or(0) != 0;
    columns.newest |= NewestCount(patch) != FunctionCount(patch);
  }
  return columns;
}

}  // namespace

std::string ListText(const std::vector<PatchState>& patches) {
  if (patches.empty()) return "no patches\n";
  const Optional optional = OptionalColumns(patches);
  std::vector<std::string> header = {"PATCH", "STATE", "ORDER"};
  if (optional.engine) header.push_back("ENGINE");
  if (optional.version) header.push_back("VERSION");
  if (optional.replace) header.push_back("REPLACE");
  if (optional.set) header.push_back("SET");
  header.push_back("FUNCTIONS");
  if (optional.newest) header.push_back("NEWEST");
  header.push_back("PENDING");
  Table table(header);
  for (const PatchState& patch : patches) {
    std::vector<std::string> row = {patch.name, std::string(StateWord(patch)),
                                    NumberOrDash(patch.stack_order)};
    if (optional.engine) {
      row.push_back(EngineWords(patch.engine, patch.adopted));
    }
    if (optional.version) row.push_back(patch.version);
    if (optional.replace) row.push_back(YesNoOrDash(patch.replace));
    if (optional.set) row.push_back(NumberOrDash(patch.replace_set));
    row.push_back(absl::StrCat(FunctionCount(patch)));
    if (optional.newest) row.push_back(absl::StrCat(NewestCount(patch)));
    row.push_back(NumberOrDash(patch.pending));
    table.Add(std::move(row));
  }
  return absl::StrCat(table.ToString(), ForceNotesText(patches));
}

std::string FunctionsText(const std::vector<PatchState>& patches,
                          const FunctionTable& places) {
  std::map<std::string, std::string> states;
  for (const PatchState& patch : patches) {
    states[patch.name] = std::string(StateWord(patch));
  }
  const std::vector<StackedFunction> functions =
      StackFunctions(patches, places);
  const bool aliases = std::any_of(functions.begin(), functions.end(),
                                   [](const StackedFunction& function) {
                                     return !function.other_names.empty();
                                   });
  std::vector<std::string> header = {"OBJECT", "FUNCTION", "SYMPOS",
                                     "PATCH",  "STATE",    "BELOW"};
  if (aliases) header.push_back("ALSO CALLED");
  Table table(header);
  for (const StackedFunction& function : functions) {
    const std::string& owner = function.patches.front();
    std::vector<std::string> row = {
        function.object,
        function.name,
        function.sympos,
        owner,
        function.patched.value_or(true) ? states[owner] : "no module",
        absl::StrJoin(function.patches.begin() + 1, function.patches.end(),
                      ",")};
    if (aliases) row.push_back(absl::StrJoin(function.other_names, ","));
    table.Add(std::move(row));
  }
  return table.ToString();
}

std::string ListJson(const Host& host, const std::vector<PatchState>& patches,
                     const FunctionTable& places) {
  Json json = Envelope("klp.list/v1", host);
  json["patches"] = Json::array();
  for (const PatchState& patch : patches) {
    Json entry = PatchJson(patch);
    entry["functions"] = FunctionCount(patch);
    entry.erase("objects");
    json["patches"].push_back(std::move(entry));
  }
  json["functions"] = Json::array();
  for (const StackedFunction& function : StackFunctions(patches, places)) {
    Json entry;
    entry["object"] = function.object;
    entry["name"] = function.name;
    entry["sympos"] = function.sympos;
    entry["patched"] = OrNull(function.patched);
    entry["owner"] = function.patches.front();
    entry["patches"] = function.patches;
    entry["other_names"] = function.other_names;
    json["functions"].push_back(std::move(entry));
  }
  return Dump(json);
}

std::string CheckText(const std::vector<PatchState>& moving) {
  if (moving.empty()) return "settled\n";
  std::string text;
  for (const PatchState& patch : moving) {
    absl::StrAppend(&text, text.empty() ? "in progress: " : ", ", patch.name,
                    " is ", StateWord(patch));
  }
  return absl::StrCat(text, "\n");
}

std::string CheckJson(const Host& host, const std::vector<PatchState>& moving) {
  Json json = Envelope("klp.check/v1", host);
  json["settled"] = moving.empty();
  json["in_transition"] =
      moving.empty() ? Json(nullptr) : Json(moving.front().name);
  json["transitions"] = TransitionsJson(moving);
  return Dump(json);
}

}  // namespace klpx
