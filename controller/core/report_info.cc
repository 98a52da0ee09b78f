// SPDX-License-Identifier: GPL-2.0
// The report of 'info': a patch file, a loaded patch, or both.
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/report.h"
#include "controller/core/report_json.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

// A build-id note: a header of 16 bytes (sizes, type, "GNU"), then the id.
constexpr size_t kNoteHeaderSize = 16;

std::string BuildId(const PatchFile& file) {
  if (file.build_id.size() <= kNoteHeaderSize) return "";
  return absl::BytesToHexString(
      absl::string_view(file.build_id).substr(kNoteHeaderSize));
}

void Line(std::string& text, absl::string_view label, absl::string_view value) {
  if (value.empty()) return;
  absl::StrAppend(&text, label, std::string(13 - label.size(), ' '),
                  Printable(value), "\n");
}

std::string FileText(const InfoReport& report) {
  const PatchFile& file = *report.file;
  std::string text;
  Line(text, "file:", report.path);
  Line(text, "module:", file.module);
  Line(text, "version:", file.version);
  Line(text, "description:", file.description);
  Line(text, "license:", file.license);
  Line(text, "vermagic:", file.vermagic);
  Line(text, "depends:", absl::StrJoin(file.depends, ", "));
  Line(text, "build id:", BuildId(file));
  Line(text, "engine:",
       file.engine == Engine::kNone ? "none (not a patch)"
                                    : EngineName(file.engine));
  if (file.engine == Engine::kKlpx && file.functions.empty()) {
    Line(text, "functions:", "not known before it is loaded");
    return text;
  }
  if (file.functions.empty()) return text;
  Table table({"OBJECT", "FUNCTION", "SYMPOS", "REPLACEMENT"});
  for (const PatchedFunction& function : file.functions) {
    table.Add({function.object, function.name, absl::StrCat(function.sympos),
               function.replacement});
  }
  return absl::StrCat(text, "\n", table.ToString());
}

std::string PatchText(const PatchState& patch) {
  std::string text;
  Line(text, "patch:", patch.name);
  Line(text, "state:", StateWord(patch));
  Line(text, "version:", patch.version);
  if (patch.objects.empty()) return text;
  Table table({"OBJECT", "FUNCTION", "SYMPOS"});
  for (const ObjectState& object : patch.objects) {
    for (const FunctionState& function : object.functions) {
      table.Add({object.name, function.name, function.sympos});
    }
  }
  return absl::StrCat(text, "\n", table.ToString());
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
  json["build_id"] = TextOrNull(BuildId(file));
  json["engine"] = std::string(EngineName(file.engine));
  json["functions"] = Json::array();
  for (const PatchedFunction& function : file.functions) {
    Json entry;
    entry["object"] = function.object;
    entry["name"] = function.name;
    entry["sympos"] = function.sympos;
    entry["replacement"] = TextOrNull(function.replacement);
    json["functions"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace

std::string InfoText(const InfoReport& report) {
  std::string text;
  if (report.file) absl::StrAppend(&text, FileText(report));
  if (report.file && report.patch) absl::StrAppend(&text, "\n");
  if (report.patch) absl::StrAppend(&text, PatchText(*report.patch));
  return text;
}

std::string InfoJson(const InfoReport& report) {
  Json json = Envelope("klp.info/v1", report.host);
  json["file"] = FileJson(report);
  json["patch"] = report.patch ? PatchJson(*report.patch) : Json(nullptr);
  return Dump(json);
}

}  // namespace klpx
