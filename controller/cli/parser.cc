// SPDX-License-Identifier: GPL-2.0
#include "controller/cli/parser.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "controller/cli/flag_names.h"
#include "controller/cli/flags.h"
#include "controller/cli/verbs.h"
#include "controller/core/abi.h"
#include "controller/core/exit_codes.h"

namespace klpx {
namespace {

constexpr char kPatchArgument[] =
    "PATCH is a module name or the path of a .ko file (also .ko.xz, .ko.zst, "
    ".ko.gz); '-' and '_' are alike.\n";

std::string Example(const Verb& verb) {
  return absl::StrFormat("  klp-controller %-26s %s\n", verb.example,
                         verb.example_does);
}

std::string Footer() {
  std::string text = absl::StrCat(kPatchArgument, "\nEXAMPLES\n");
  for (const Verb& verb : Verbs()) absl::StrAppend(&text, Example(verb));
  absl::StrAppend(&text, "\nEXIT CODES\n");
  absl::StrAppendFormat(&text, "  %2d  %-18s  %s\n", 0, "", "done");
  for (const ErrorRow& row : kErrorTable) {
    absl::StrAppendFormat(&text, "  %2d  %-18s  %s\n", row.exit_code, row.code,
                          row.meaning);
  }
  return text;
}

// Adds a flag as the kind of slot wants it.
struct Adder {
  CLI::App& app;
  const Flag& flag;

  void operator()(bool* slot) const {
    app.add_flag(flag.names, *slot, flag.help);
  }
  void operator()(std::string* slot) const {
    CLI::Option* option = app.add_option(flag.names, *slot, flag.help);
    option->required(flag.required);
    if (flag.kind == Value::kDuration) option->check(CheckDuration);
  }
  void operator()(std::vector<std::string>* slot) const {
    app.add_option(flag.names, *slot, flag.help);
  }
  template <typename Number>
  void operator()(std::optional<Number>* slot) const {
    app.add_option(flag.names, *slot, flag.help)->check(CLI::NonNegativeNumber);
  }
  template <typename Number>
  void operator()(Number* slot) const {
    app.add_option(flag.names, *slot, flag.help)
        ->required(flag.required)
        ->check(CLI::NonNegativeNumber);
  }
};

void AddVerb(CLI::App& app, const Verb& verb, Arguments& arguments) {
  CLI::App* command = app.add_subcommand(verb.name, verb.summary);
  if (*verb.alias != '\0') command->alias(verb.alias);
  if (verb.patch != PatchArgument::kNone) {
    command->add_option("PATCH", arguments.patch, "Module name or .ko file")
        ->required(verb.patch == PatchArgument::kRequired);
  }
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
  app.add_flag("-j,--json", style.json, "JSON on stdout, errors too");
  app.add_flag("-q,--quiet", style.quiet, "No progress, no result");
  app.add_flag("-v,--verbose", style.verbose, "More: stacks, commands");
  app.set_version_flag("-V,--version",
                       absl::StrCat("klp-controller ", version, " (ABI ",
                                    KLPX_ABI_VERSION, ")"));
  app.footer(Footer());
  for (const Verb& verb : Verbs()) AddVerb(app, verb, arguments);
}

}  // namespace klpx
