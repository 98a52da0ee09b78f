// SPDX-License-Identifier: GPL-2.0
// The JSON of 'info': a patch file, a loaded patch, or both.
#include <string>
#include <utility>

#include "controller/core/kernel/file_parsers.h"
#include "controller/core/report/report.h"
#include "controller/core/report/report_json.h"
#include "controller/core/transition/patch_stack.h"

namespace klpx {
namespace {

Json ObjectsJson(const InfoReport& report) {
  Json json = Json::array();
  for (const PatchedObject& object : report.file->patch->objects) {
    Json entry;
    entry["name"] = object.name;
    entry["loaded"] =
        object.name == kVmlinux || report.loaded_modules.contains(object.name);
    entry["callbacks"] = object.callbacks;
    json.push_back(std::move(entry));
  }
  return json;
}

Json FunctionsJson(const InfoReport& report) {
  Json json = Json::array();
  const FunctionOwners newest = OwnersOf(report.installed, report.places);
  for (const PatchedFunction& function : report.file->patch->functions) {
    const auto owner = newest.find(Identify(
        report.places, {function.object, function.name}, function.sympos));
    Json entry;
    entry["object"] = function.object;
    entry["name"] = function.name;
    entry["sympos"] = function.sympos;
    entry["replacement"] = TextOrNull(function.replacement);
    entry["owner"] = TextOrNull(owner == newest.end() ? "" : owner->second);
    json.push_back(std::move(entry));
  }
  return json;
}

Json FileJson(const InfoReport& report) {
  if (!report.file) return nullptr;
  const PatchFile& file = *report.file;
  Json json;
  json["path"] = report.path;
  json["module"] = file.module;
  json["version"] = TextOrNull(file.version);
  json["description"] = TextOrNull(file.description);
  json["license"] = TextOrNull(file.license);
  json["vermagic"] = file.vermagic;
  json["depends"] = file.depends;
  json["build_id"] = TextOrNull(BuildIdOf(file));
  json["engine"] = std::string(RowOf(file.engine).word);
  json["is_loaded_build"] = OrNull(report.same_build);
  // Unknown is null; "functions" was an empty array from the first version on.
  const auto& patch = file.patch;
  json["model"] = patch ? Json(patch->model) : Json(nullptr);
  json["builder"] = patch ? TextOrNull(patch->builder) : Json(nullptr);
  const bool says_replace = patch && patch->builder.empty();
  json["replace"] = says_replace ? Json(patch->replace) : Json(nullptr);
  json["replace_set"] = patch ? Json(patch->replace_set) : Json(nullptr);
  json["states"] = patch ? StatesJson(patch->states) : Json(nullptr);
  json["objects"] = patch ? ObjectsJson(report) : Json(nullptr);
  json["functions"] = patch ? FunctionsJson(report) : Json::array();
  return json;
}

}  // namespace

std::string InfoJson(const InfoReport& report) {
  Json json = Envelope("klp.info/v1", report.host);
  json["file"] = FileJson(report);
  json["patch"] = report.patch ? PatchJson(*report.patch) : Json(nullptr);
  return Dump(json);
}

}  // namespace klpx
