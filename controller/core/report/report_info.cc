// SPDX-License-Identifier: GPL-2.0
// The text of 'info': a patch file, a loaded patch, or both. If the patch was
// loaded from this file, one set of tables shows what the file says, and beside
// it the state of the loaded patch.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/text.h"
#include "controller/core/history/force_notes.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/core/report/report.h"
#include "controller/core/transition/patch_stack.h"

namespace klpx {
namespace {

void Line(std::string& text, absl::string_view label, absl::string_view value) {
  if (value.empty()) return;
  absl::StrAppend(&text, label, std::string(13 - label.size(), ' '),
                  Printable(value), "\n");
}

std::string ReplaceWords(bool replace, uint64_t set) {
  if (replace) return absl::StrCat("yes, all earlier patches of set ", set);
  return set == 0 ? "no" : absl::StrCat("no; belongs to set ", set);
}

std::string FileHeader(const InfoReport& report) {
  const PatchFile& file = *report.file;
  std::string text;
  Line(text, "file:", report.path);
  Line(text, "module:", file.module);
  Line(text, "version:", file.version);
  Line(text, "description:", file.description);
  Line(text, "license:", file.license);
  Line(text, "vermagic:", absl::StripTrailingAsciiWhitespace(file.vermagic));
  Line(text, "depends:", absl::StrJoin(file.depends, ", "));
  Line(text, "build id:", BuildIdOf(file));
  Line(text, "engine:",
       file.engine == Engine::kNone ? "none (not a patch)"
                                    : RowOf(file.engine).word);
  if (file.patch) {
    const PatchDescription& description = *file.patch;
    Line(text, "model:", description.model);
    Line(text, "built by:", description.builder);
    if (description.builder.empty()) {
      Line(text, "replace:",
           ReplaceWords(description.replace, description.replace_set));
    }
  } else if (file.engine != Engine::kNone) {
    Line(text, "functions:", "known only once it is loaded");
  }
  return text;
}

// If the patch was loaded from this file: only what has changed since.
std::string PatchHeader(const InfoReport& report) {
  const PatchState& patch = *report.patch;
  std::string text;
  Line(text, "patch:", patch.name);
  Line(text, "state:", StateWord(patch));
  if (patch.adopted) {
    Line(text, "engine:", EngineWords(patch.engine, patch.adopted));
  }
  if (patch.stack_order) Line(text, "order:", absl::StrCat(*patch.stack_order));
  Line(text, "replaced by:", patch.replaced_by);
  Line(text, "replaces:", absl::StrJoin(patch.replaces, ", "));
  for (const std::string& note : ForceNotes(patch)) {
    Line(text, "forced:", note);
  }
  if (report.same_build && !*report.same_build) {
    Line(text, "build:", "differs from the file");
  }
  const bool same = report.file && report.same_build.value_or(false);
  if (!same || report.file->version != patch.version) {
    Line(text, "version:", patch.version);
  }
  const auto file = same ? report.file->patch : std::nullopt;
  if (!file || file->model != patch.model) Line(text, "model:", patch.model);
  const bool replaces_alike = file && file->replace == patch.replace &&
                              file->replace_set == patch.replace_set;
  if (patch.replace && !replaces_alike) {
    Line(text, "replace:",
         ReplaceWords(*patch.replace, patch.replace_set.value_or(0)));
  }
  return text;
}

std::string StatesTable(const std::vector<SystemState>& states) {
  if (states.empty()) return "";
  Table table({"STATE", "NAME", "VERSION", "FLAGS", "CALLBACKS"});
  for (const SystemState& state : states) {
    std::vector<std::string> flags;
    if (state.is_shadow) flags.push_back("is_shadow");
    if (state.block_disable) flags.push_back("block_disable");
    table.Add({absl::StrCat(state.id), state.name,
               state.version ? absl::StrCat(*state.version) : "",
               absl::StrJoin(flags, ","), absl::StrJoin(state.callbacks, ",")});
  }
  return absl::StrCat("\n", table.ToString());
}

std::string PatchedWord(const std::optional<bool>& patched) {
  if (!patched) return "-";
  return *patched ? "yes" : "no";
}

std::string PatchedWordOf(const PatchState& patch, const std::string& object) {
  for (const ObjectState& state : patch.objects) {
    if (state.name == object) return PatchedWord(state.patched);
  }
  return "-";
}

bool HasFunction(const PatchDescription& patch, const std::string& object,
                 const FunctionState& wanted) {
  return std::any_of(patch.functions.begin(), patch.functions.end(),
                     [&](const PatchedFunction& function) {
                       return function.object == object &&
                              function.name == wanted.name;
                     });
}

// Does the file list every function and state of the loaded patch? A module
// can add some when it is loaded, and the engine adds nops in an atomic
// replace.
bool FileCoversPatch(const InfoReport& report) {
  if (!report.file || !report.patch || !report.file->patch ||
      !report.same_build.value_or(false)) {
    return false;
  }
  const PatchDescription& file = *report.file->patch;
  for (const ObjectState& object : report.patch->objects) {
    for (const FunctionState& function : object.functions) {
      if (!HasFunction(file, object.name, function)) return false;
    }
  }
  return file.states.size() == report.patch->states.size();
}

std::string FileObjectsTable(const InfoReport& report) {
  const bool merged = FileCoversPatch(report);
  std::vector<std::string> header = {"OBJECT", "LOADED"};
  if (merged) header.push_back("PATCHED");
  header.push_back("CALLBACKS");
  Table table(header);
  for (const PatchedObject& object : report.file->patch->objects) {
    const bool loaded =
        object.name == kVmlinux || report.loaded_modules.contains(object.name);
    std::vector<std::string> row = {object.name, loaded ? "yes" : "no"};
    if (merged) row.push_back(PatchedWordOf(*report.patch, object.name));
    row.push_back(absl::StrJoin(object.callbacks, ","));
    table.Add(std::move(row));
  }
  return absl::StrCat("\n", table.ToString());
}

std::string FileFunctionsTable(const InfoReport& report) {
  const std::vector<PatchedFunction>& functions = report.file->patch->functions;
  if (functions.empty()) return "";
  const FunctionOwners newest = OwnersOf(report.installed, report.places);
  std::vector<std::string> owners;
  for (const PatchedFunction& function : functions) {
    const auto owner = newest.find(Identify(
        report.places, {function.object, function.name}, function.sympos));
    owners.push_back(owner == newest.end() ? "" : owner->second);
  }
  const bool owned =
      std::any_of(owners.begin(), owners.end(),
                  [](const std::string& owner) { return !owner.empty(); });
  std::vector<std::string> header = {"OBJECT", "FUNCTION", "SYMPOS",
                                     "REPLACEMENT"};
  if (owned) header.push_back("NEWEST");
  Table table(header);
  for (size_t i = 0; i < functions.size(); i++) {
    std::vector<std::string> row = {functions[i].object, functions[i].name,
                                    absl::StrCat(functions[i].sympos),
                                    functions[i].replacement};
    if (owned) row.push_back(owners[i]);
    table.Add(std::move(row));
  }
  return absl::StrCat("\n", table.ToString());
}

std::string FileTables(const InfoReport& report) {
  if (!report.file || !report.file->patch) return "";
  return absl::StrCat(StatesTable(report.file->patch->states),
                      FileObjectsTable(report), FileFunctionsTable(report));
}

std::string PatchTables(const PatchState& patch) {
  if (patch.objects.empty()) return "";
  Table objects({"OBJECT", "PATCHED", "CALLBACKS"});
  Table functions({"OBJECT", "FUNCTION", "SYMPOS", "NEWEST"});
  for (const ObjectState& object : patch.objects) {
    objects.Add({object.name, PatchedWord(object.patched),
                 absl::StrJoin(object.callbacks, ",")});
    for (const FunctionState& function : object.functions) {
      functions.Add(
          {object.name, function.name, function.sympos, function.owner});
    }
  }
  std::string text = StatesTable(patch.states);
  absl::StrAppend(&text, "\n", objects.ToString());
  if (FunctionCount(patch) > 0) {
    absl::StrAppend(&text, "\n", functions.ToString());
  }
  return text;
}

}  // namespace

std::string InfoText(const InfoReport& report) {
  const bool merged = FileCoversPatch(report);
  std::string text;
  if (report.file) absl::StrAppend(&text, FileHeader(report));
  if (!merged) absl::StrAppend(&text, FileTables(report));
  if (report.file && report.patch) absl::StrAppend(&text, "\n");
  if (report.patch) {
    absl::StrAppend(&text, PatchHeader(report));
  }
  if (merged) return absl::StrCat(text, FileTables(report));
  if (report.patch) absl::StrAppend(&text, PatchTables(*report.patch));
  return text;
}

}  // namespace klpx
