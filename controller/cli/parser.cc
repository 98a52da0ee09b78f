// SPDX-License-Identifier: GPL-2.0
#include "controller/cli/parser.h"

#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "controller/cli/flag_names.h"
#include "controller/cli/flags.h"
#include "controller/cli/verbs.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/exit_codes.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

constexpr char kPatchArgument[] =
    "PATCH is a module name or the path of a .ko file (also .ko.xz, .ko.zst, "
    ".ko.gz);\n'-' and '_' mean the same in a name.\n"
    "'signal', 'force' and 'reverse' need no PATCH: they take the one in "
    "transition;\n'wait' without a PATCH waits for all transitions.\n"
    "A fake signal makes a task leave the kernel for a moment. Its program "
    "sees no signal,\nbut a system call that cannot be restarted returns "
    "EINTR.\n"
    "'help VERB' is 'VERB --help', 'version' is '--version'.\n";
constexpr size_t kNameColumns = 22;
constexpr size_t kHelpColumns = 76;

std::string Example(const Verb& verb) {
  return absl::StrFormat("  klp-controller %-26s %s\n", verb.example,
                         verb.example_does);
}

// "load is enable, ...".
std::string Aliases() {
  std::vector<std::string> words;
  for (const Verb& verb : Verbs()) {
    for (const std::string& name : NamesOf(verb)) {
      if (name != verb.name) {
        words.push_back(absl::StrCat("'", name, "' is '", verb.name, "'"));
      }
    }
  }
  return absl::StrCat(Wrap(absl::StrJoin(words, ", "), kHelpColumns, ""),
                      ".\n");
}

std::string Footer() {
  std::string text = absl::StrCat(kPatchArgument, Aliases(), "\nEXAMPLES\n");
  for (const Verb& verb : Verbs()) absl::StrAppend(&text, Example(verb));
  absl::StrAppend(&text, "\nEXIT CODES\n");
  absl::StrAppendFormat(&text, "  %2d  %-18s  %s\n", 0, "", "done");
  for (const ErrorRow& row : kErrorTable) {
    absl::StrAppendFormat(&text, "  %2d  %-18s  %s\n", row.exit_code, row.code,
                          row.meaning);
  }
  return text;
}

// Adds a flag in the way its kind of slot needs. CheckUsage() has already
// checked the value.
struct Adder {
  CLI::App& app;
  const Flag& flag;

  void operator()(bool* slot) const { app.add_flag(flag.names, *slot, Help()); }
  template <typename T>
  void operator()(T* slot) const {
    app.add_option(flag.names, *slot, Help())
        ->required(flag.required)
        ->type_name(flag.value);
  }
  std::string Help() const { return Wrap(flag.help, kHelpColumns, ""); }
};

void AddPatch(CLI::App& command, const Verb& verb, Arguments& arguments) {
  constexpr char kName[] = "PATCH";
  constexpr char kHelp[] = "Module name or .ko file";
  switch (verb.patch) {
    case PatchArgument::kNone:
      return;
    case PatchArgument::kOptional:
      command
          .add_option(kName, arguments.patch,
                      "Module name; without it, the patch in transition, or "
                      "all patches")
          ->type_name("");
      return;
    case PatchArgument::kRequired:
      command.add_option(kName, arguments.patch, kHelp)
          ->required()
          ->type_name("");
      return;
    case PatchArgument::kSeveral:
      command.add_option(kName, arguments.patches, kHelp)->type_name("");
      return;
  }
}

void AddVerb(CLI::App& app, const Verb& verb, Arguments& arguments) {
  CLI::App* command = app.add_subcommand(verb.name, verb.summary);
  command->group(std::string(GroupTitle(verb.group)));
  for (const std::string& name : NamesOf(verb)) {
    if (name != verb.name) command->alias(name);
  }
  AddPatch(*command, verb, arguments);
  for (const Flag& flag : Flags()) {
    if (!Takes(verb, flag)) continue;
    std::visit(Adder{*command, flag}, flag.slot(arguments));
  }
  command->footer(absl::StrCat("-j, -q and -v: see klp-controller --help\n\n",
                               "EXAMPLES\n", Example(verb)));
}

}  // namespace

void AddCommandLine(CLI::App& app, const std::string& version,
                    Arguments& arguments, OutputStyle& style) {
  app.fallthrough();
  app.require_subcommand(1);
  const auto words = app.get_formatter();
  words->label("REQUIRED", "");
  words->label("SUBCOMMAND", "VERB");
  words->label("OPTIONS", "FLAGS");
  words->label("Options", "FLAGS");
  words->label("Positionals", "ARGUMENTS");
  words->column_width(kNameColumns);
  app.add_flag("-j,--json", style.json, "JSON on stdout, errors too");
  app.add_flag("-q,--quiet", style.quiet,
               "No progress and no result from verbs that act");
  app.add_flag("-v,--verbose", style.verbose,
               "More detail: stacks, command lines");
  app.set_version_flag("-V,--version",
                       absl::StrCat("klp-controller ", version, " (ABI ",
                                    KLPX_ABI_VERSION, ")"));
  app.footer(Footer());
  for (const Verb& verb : Verbs()) AddVerb(app, verb, arguments);
}

}  // namespace klpx
