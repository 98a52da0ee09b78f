// SPDX-License-Identifier: GPL-2.0
#include "controller/cli/manual.h"

#include <set>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "controller/cli/flag_names.h"
#include "controller/cli/flags.h"
#include "controller/cli/verbs.h"
#include "controller/core/base/exit_codes.h"
#include "controller/core/preflight/finding.h"

namespace klpx {
namespace {

constexpr absl::string_view kDirective = ".\\\" @";

// Escapes a text so that roff prints it unchanged, wherever it stands.
std::string Roff(absl::string_view text) {
  std::string roff =
      absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}, {"'", "\\(aq"}});
  return absl::StartsWith(roff, ".") ? absl::StrCat("\\&", roff) : roff;
}

// A text as a table cell that may be wrapped.
std::string Cell(absl::string_view text) {
  return absl::StrCat("T{\n", Roff(text), "\nT}");
}

std::string Bold(absl::string_view text) {
  return absl::StrCat("\\fB", Roff(text), "\\fR");
}

std::string PatchOf(const Verb& verb) {
  switch (verb.patch) {
    case PatchArgument::kNone:
      return "";
    case PatchArgument::kOptional:
      return " [\\fIPATCH\\fR]";
    case PatchArgument::kRequired:
      return " \\fIPATCH\\fR";
    case PatchArgument::kSeveral:
      return " \\fIPATCH\\fR ...";
  }
  return "";
}

// The arguments of a verb, and a sentence that names its flags.
std::string HeadOf(const Verb& verb) {
  std::vector<std::string> names;
  for (const std::string& name : NamesOf(verb)) names.push_back(Bold(name));
  std::string head = absl::StrJoin(names, ", ");
  absl::StrAppend(&head, PatchOf(verb));
  std::vector<std::string> flags;
  for (const Flag& flag : Flags()) {
    if (!Takes(verb, flag)) continue;
    if (IsFlag(flag)) {
      flags.push_back(Bold(LongName(flag)));
    } else {
      absl::StrAppend(&head, flag.required ? " " : " [", "\\fI", flag.names,
                      "\\fR", flag.required ? "" : "]");
    }
  }
  std::string text =
      absl::StrCat(".TP\n", head, "\n", Roff(verb.summary), ".\n");
  if (!flags.empty()) {
    absl::StrAppend(&text, "Flags: ", absl::StrJoin(flags, ", "), ".\n");
  }
  return text;
}

std::string HeadOf(const Flag& flag) {
  std::vector<std::string> names;
  for (const absl::string_view name : absl::StrSplit(flag.names, ',')) {
    names.push_back(Bold(name));
  }
  std::string head = absl::StrJoin(names, ", ");
  if (*flag.value != '\0') absl::StrAppend(&head, " \\fI", flag.value, "\\fR");
  std::vector<std::string> verbs;
  for (const Verb& verb : Verbs()) {
    if (Takes(verb, flag)) verbs.push_back(Bold(verb.name));
  }
  return absl::StrCat(".TP\n", head, "\n", absl::StrJoin(verbs, ", "), ":\n",
                      Roff(flag.help), ".\n");
}

std::string Findings() {
  std::string rows;
  for (const FindingRow& row : kFindingTable) {
    absl::StrAppend(&rows, SeverityWord(row.severity), "\t", row.word, "\t",
                    Cell(row.meaning), "\n");
  }
  return rows;
}

std::string ExitStatus() {
  std::string rows = "0\t\tdone\n";
  for (const ErrorRow& row : kErrorTable) {
    absl::StrAppend(&rows, row.exit_code, "\t", row.code, "\t",
                    Cell(row.meaning), "\n");
  }
  return rows;
}

std::string Examples() {
  std::string text;
  for (const Verb& verb : Verbs()) {
    absl::StrAppend(&text, ".TP\n",
                    Bold(absl::StrCat("klp-controller ", verb.example)), "\n",
                    Roff(verb.example_does), "\n");
  }
  return text;
}

// The text that replaces a directive; "" if the directive names nothing.
std::string Expand(absl::string_view directive) {
  if (directive == "findings") return Findings();
  if (directive == "exit-status") return ExitStatus();
  if (directive == "examples") return Examples();
  std::string text;
  if (absl::ConsumePrefix(&directive, "verb ")) {
    for (const Verb& verb : Verbs()) {
      if (directive == verb.name) absl::StrAppend(&text, HeadOf(verb));
    }
  } else if (absl::ConsumePrefix(&directive, "flag ")) {
    for (const Flag& flag : Flags()) {
      if (IsFlag(flag) && directive == LongName(flag)) {
        absl::StrAppend(&text, HeadOf(flag));
      }
    }
  }
  return text;
}

absl::Status CheckComplete(const std::set<std::string>& directives) {
  for (const Verb& verb : Verbs()) {
    if (!directives.contains(absl::StrCat("verb ", verb.name))) {
      return absl::NotFoundError(absl::StrCat("no '@verb ", verb.name, "'"));
    }
  }
  for (const Flag& flag : Flags()) {
    if (IsFlag(flag) &&
        !directives.contains(absl::StrCat("flag ", LongName(flag)))) {
      return absl::NotFoundError(
          absl::StrCat("no '@flag ", LongName(flag), "'"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> Manual(absl::string_view page) {
  std::string manual;
  std::set<std::string> directives;
  for (absl::string_view line :
       absl::StrSplit(absl::StripSuffix(page, "\n"), '\n')) {
    if (!absl::ConsumePrefix(&line, kDirective)) {
      absl::StrAppend(&manual, line, "\n");
      continue;
    }
    const std::string text = Expand(line);
    if (text.empty() || !directives.insert(std::string(line)).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'@", line, "' ", text.empty() ? "names nothing" : "appears twice"));
    }
    absl::StrAppend(&manual, text);
  }
  const absl::Status complete = CheckComplete(directives);
  if (!complete.ok()) return complete;
  return manual;
}

}  // namespace klpx
