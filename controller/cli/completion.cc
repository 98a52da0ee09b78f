// SPDX-License-Identifier: GPL-2.0
#include "controller/cli/completion.h"

#include <functional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "controller/cli/flag_names.h"
#include "controller/cli/flags.h"
#include "controller/cli/verbs.h"

namespace klpx {
namespace {

constexpr char kLicence[] = "# SPDX-License-Identifier: GPL-2.0\n";
constexpr char kPatches[] =
    "$(command ls /sys/kernel/klpx /sys/kernel/livepatch 2>/dev/null | "
    "command grep -v : )";

bool TakesFile(const Verb& verb) {
  for (const Flag& flag : Flags()) {
    const bool is_file = !IsFlag(flag) && flag.kind == Value::kFile;
    if (is_file && Takes(verb, flag)) return true;
  }
  return false;
}

// Verbs with their aliases, those that `wanted` says.
std::vector<std::string> Names(const std::function<bool(const Verb&)>& wanted) {
  std::vector<std::string> names;
  for (const Verb& verb : Verbs()) {
    if (!wanted(verb)) continue;
    names.push_back(verb.name);
    if (*verb.alias != '\0') names.push_back(verb.alias);
  }
  return names;
}

std::vector<std::string> Takers(const Flag& flag) {
  return Names([&](const Verb& verb) { return Takes(verb, flag); });
}

std::string BashWord(const Flag& flag) {
  return absl::StrCat(ShortName(flag), ShortName(flag).empty() ? "" : " ",
                      LongName(flag));
}

std::string BashFlags() {
  std::string text;
  for (const Verb& verb : Verbs()) {
    std::vector<std::string> words;
    for (const Flag& flag : Flags()) {
      if (IsFlag(flag) && Takes(verb, flag)) words.push_back(BashWord(flag));
    }
    absl::StrAppend(&text, "    ", verb.name, *verb.alias ? "|" : "",
                    verb.alias, ") flags=\"", absl::StrJoin(words, " "),
                    "\" ;;\n");
  }
  return text;
}

// What follows a flag that takes a value.
std::string BashValues() {
  std::string text;
  for (const Flag& flag : Flags()) {
    if (!IsFlag(flag) || *flag.value == '\0') continue;
    std::vector<std::string> cases;
    for (const std::string& verb : Takers(flag)) {
      cases.push_back(absl::StrCat(verb, ",", LongName(flag)));
      if (!ShortName(flag).empty()) {
        cases.push_back(absl::StrCat(verb, ",", ShortName(flag)));
      }
    }
    absl::StrAppend(&text, "    ", absl::StrJoin(cases, "|"), ")\n");
    if (flag.kind == Value::kFile) {
      absl::StrAppend(&text, "      COMPREPLY=($(compgen -f -- \"$cur\"))\n");
    } else if (flag.kind == Value::kPatch) {
      absl::StrAppend(&text, "      COMPREPLY=($(compgen -W \"", kPatches,
                      "\" -- \"$cur\"))\n");
    }
    absl::StrAppend(&text, "      return ;;\n");
  }
  return text;
}

// '...' for a shell, whatever is in it.
std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

std::string ZshFlag(const Flag& flag) {
  const std::string help = absl::StrReplaceAll(
      flag.help, {{"\\", "\\\\"}, {"[", "\\["}, {"]", "\\]"}, {":", "\\:"}});
  std::string value;
  if (*flag.value != '\0') {
    value = absl::StrCat(":", flag.value, ":");
    if (flag.kind == Value::kFile) absl::StrAppend(&value, "_files");
    if (flag.kind == Value::kPatch) absl::StrAppend(&value, "_klpx_patches");
  }
  return Quoted(absl::StrCat(LongName(flag), "[", help, "]", value));
}

std::string ZshVerb(const Verb& verb) {
  std::string text = absl::StrCat("    ", verb.name, *verb.alias ? "|" : "",
                                  verb.alias, ")\n      _arguments");
  for (const Flag& flag : Flags()) {
    if (IsFlag(flag) && Takes(verb, flag)) {
      absl::StrAppend(&text, " \\\n        ", ZshFlag(flag));
    }
  }
  if (verb.patch != PatchArgument::kNone) {
    absl::StrAppend(&text, " \\\n        '*:patch:_klpx_patches'");
  } else if (TakesFile(verb)) {
    absl::StrAppend(&text, " \\\n        '*:file:_files'");
  }
  return absl::StrCat(text, " ;;\n");
}

}  // namespace

std::string BashCompletion() {
  const std::string patches = absl::StrJoin(
      Names([](const Verb& v) { return v.patch != PatchArgument::kNone; }),
      "|");
  const std::string files = absl::StrJoin(Names(TakesFile), "|");
  return absl::StrCat(
      kLicence, "_klp_controller() {\n  local cur=${COMP_WORDS[COMP_CWORD]}",
      " prev=${COMP_WORDS[COMP_CWORD-1]} verb= flags= word\n  COMPREPLY=()\n",
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n",
      "    case $word in -*) ;; *) verb=$word; break ;; esac\n  done\n",
      "  case $verb,$prev in\n", BashValues(), "  esac\n  case $verb in\n",
      BashFlags(), "  esac\n  flags+=\" --json --quiet --verbose --help\"\n",
      "  if [[ $cur == -* ]]; then\n",
      "    COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\"))\n    return\n",
      "  fi\n  case $verb in\n    \"\") COMPREPLY=($(compgen -W \"",
      absl::StrJoin(Names([](const Verb&) { return true; }), " "),
      "\" -- \"$cur\")) ;;\n    ", patches,
      ")\n      COMPREPLY=($(compgen -W \"", kPatches,
      "\" -- \"$cur\"; compgen -d -- \"$cur\"",
      "; compgen -f -X '!*.ko*' -- \"$cur\")) ;;\n    ", files,
      ") COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n  esac\n}\n",
      "complete -o filenames -F _klp_controller klp-controller\n");
}

std::string ZshCompletion() {
  std::string verbs;
  std::string cases;
  for (const Verb& verb : Verbs()) {
    const std::string entry = absl::StrCat(
        verb.name, ":", absl::StrReplaceAll(verb.summary, {{":", "\\:"}}));
    absl::StrAppend(&verbs, "    ", Quoted(entry), "\n");
    absl::StrAppend(&cases, ZshVerb(verb));
  }
  return absl::StrCat(
      "#compdef klp-controller\n", kLicence,
      "_klpx_patches() {\n  local -a patches\n  patches=(${(f)\"", kPatches,
      "\"})\n  compadd -a patches\n  _files -g '*.ko(|.xz|.zst|.gz)'\n}\n",
      "_klp_controller() {\n  local -a verbs\n  verbs=(\n", verbs,
      "  )\n  if (( CURRENT == 2 )); then\n    _describe verb verbs\n",
      "    return\n  fi\n  local verb=$words[2]\n  shift words\n",
      "  (( CURRENT-- ))\n  case $verb in\n", cases,
      "  esac\n}\n_klp_controller \"$@\"\n");
}

std::string FishCompletion() {
  constexpr char kCommand[] = "complete -c klp-controller ";
  const auto after = [](const std::vector<std::string>& verbs) {
    return absl::StrCat("-n ",
                        Quoted(absl::StrCat("__fish_seen_subcommand_from ",
                                            absl::StrJoin(verbs, " "))));
  };
  std::string text = absl::StrCat(kLicence, kCommand, "-f\n");
  for (const Verb& verb : Verbs()) {
    absl::StrAppend(&text, kCommand, "-n __fish_use_subcommand -a ", verb.name,
                    " -d ", Quoted(verb.summary), "\n");
  }
  for (const Flag& flag : Flags()) {
    if (!IsFlag(flag)) continue;
    absl::StrAppend(&text, kCommand, after(Takers(flag)), " -l ",
                    LongName(flag).substr(2));
    if (!ShortName(flag).empty()) {
      absl::StrAppend(&text, " -s ", ShortName(flag).substr(1));
    }
    if (*flag.value != '\0') {
      absl::StrAppend(&text, flag.kind == Value::kFile ? " -rF" : " -x");
    }
    absl::StrAppend(&text, " -d ", Quoted(flag.help), "\n");
  }
  const auto patch = [](const Verb& verb) {
    return verb.patch != PatchArgument::kNone;
  };
  absl::StrAppend(&text, kCommand, after(Names(patch)), " -F -a '(command ls ",
                  "/sys/kernel/klpx /sys/kernel/livepatch 2>/dev/null | ",
                  "string match -v \"*:\")'\n");
  absl::StrAppend(&text, kCommand, after(Names(TakesFile)), " -F\n");
  return text;
}

}  // namespace klpx
