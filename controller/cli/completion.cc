// SPDX-License-Identifier: GPL-2.0
#include "controller/cli/completion.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "controller/cli/flag_names.h"
#include "controller/cli/flags.h"
#include "controller/cli/verbs.h"
#include "controller/core/base/engine.h"
#include "controller/core/history/history.h"

namespace klpx {
namespace {

constexpr char kLicence[] = "# SPDX-License-Identifier: GPL-2.0\n";
// The patches of both engines, and the modules of disabled patches.
constexpr char kPatches[] =
    "$(command ls /sys/kernel/klpx /sys/kernel/livepatch "
    "/sys/module/klpx/holders 2>/dev/null | command grep -v : | "
    "command sort -u)";
// The engine itself, which only 'unload' takes.
constexpr char kEngine[] =
    "$(command ls -d /sys/module/klpx 2>/dev/null | "
    "command sed s,.*/,,)";
constexpr char kRecords[] =
    "$(klp-controller history --limit 50 2>/dev/null | "
    "command awk 'NR > 1 { print $1 }')";
constexpr char kSwitchWords[] = "on off";
constexpr char kGlobalFlags[] = "--json --quiet --verbose --help --version";

std::string Outcomes() {
  std::vector<absl::string_view> words;
  for (int i = 0; i <= static_cast<int>(Outcome::kUnknown); i++) {
    words.push_back(OutcomeWord(static_cast<Outcome>(i)));
  }
  return absl::StrJoin(words, " ");
}

std::string Actions() { return absl::StrJoin(kActions, " "); }

// Does the verb take a positional argument of this kind?
bool TakesArgument(const Verb& verb, Value kind) {
  for (const Flag& flag : Flags()) {
    if (!IsFlag(flag) && flag.kind == kind && Takes(verb, flag)) return true;
  }
  return false;
}

bool TakesFile(const Verb& verb) { return TakesArgument(verb, Value::kFile); }

bool TakesPatch(const Verb& verb) { return verb.patch != PatchArgument::kNone; }

bool TakesModule(const Verb& verb) { return (verb.flags & kReadsModule) != 0; }

// The names and aliases of the verbs for which `wanted` is true.
std::vector<std::string> Names(const std::function<bool(const Verb&)>& wanted) {
  std::vector<std::string> names;
  for (const Verb& verb : Verbs()) {
    if (!wanted(verb)) continue;
    for (std::string& name : NamesOf(verb)) names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> AllWords() {
  std::vector<std::string> words = Names([](const Verb&) { return true; });
  words.push_back("help");
  words.push_back("version");
  return words;
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
    absl::StrAppend(&text, "    ", absl::StrJoin(NamesOf(verb), "|"),
                    ") flags=\"", absl::StrJoin(words, " "), "\" ;;\n");
  }
  return text;
}

// The words that a shell can offer for a value; "" if there are none.
std::string WordsFor(Value kind) {
  switch (kind) {
    case Value::kPatch:
      return kPatches;
    case Value::kRecord:
      return kRecords;
    case Value::kOutcome:
      return Outcomes();
    case Value::kAction:
      return Actions();
    case Value::kEngine:
      return absl::StrCat(RowOf(Engine::kKlpx).word, " ",
                          RowOf(Engine::kKernel).word);
    case Value::kSwitch:
      return kSwitchWords;
    case Value::kText:
    case Value::kDuration:
    case Value::kFile:
      return "";
  }
  return "";
}

std::string BashWords(absl::string_view words) {
  return absl::StrCat("COMPREPLY=($(compgen -W \"", words, "\" -- \"$cur\"))");
}

// The cases for the word after a flag that takes a value.
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
    } else if (const std::string words = WordsFor(flag.kind); !words.empty()) {
      absl::StrAppend(&text, "      ", BashWords(words), "\n");
    }
    absl::StrAppend(&text, "      return ;;\n");
  }
  return text;
}

// The cases for the words after a verb: one per kind of argument.
std::string BashArguments() {
  const auto verbs = [](const std::function<bool(const Verb&)>& wanted) {
    return absl::StrCat("    ", absl::StrJoin(Names(wanted), "|"), ")\n      ");
  };
  const std::string files = "COMPREPLY=($(compgen -f -- \"$cur\"))";
  return absl::StrCat(
      "    \"\"|help) ", BashWords(absl::StrJoin(AllWords(), " ")), " ;;\n",
      verbs(TakesModule), "COMPREPLY=($(compgen -W \"", kPatches,
      "\" -- \"$cur\"; compgen -d -- \"$cur\"",
      "; compgen -f -X '!*.ko*' -- \"$cur\")) ;;\n",
      "    unload|remove)\n      ",
      BashWords(absl::StrCat(kPatches, " ", kEngine)), " ;;\n",
      verbs(TakesPatch), BashWords(kPatches), " ;;\n",
      verbs([](const Verb& v) { return TakesArgument(v, Value::kRecord); }),
      BashWords(absl::StrCat(kRecords, " ", kPatches)), " ;;\n",
      verbs([](const Verb& v) { return TakesArgument(v, Value::kAction); }),
      "if ((arguments == 0)); then\n        ", BashWords(Actions()),
      "\n      else\n        ", files, "\n      fi ;;\n",
      verbs([](const Verb& v) { return TakesArgument(v, Value::kSwitch); }),
      BashWords(kSwitchWords), " ;;\n", verbs(TakesFile), files, " ;;\n");
}

// The text in single quotes, safe for a shell whatever it contains.
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
    if (flag.kind == Value::kRecord) absl::StrAppend(&value, "_klpx_records");
    if (flag.kind == Value::kOutcome || flag.kind == Value::kEngine) {
      absl::StrAppend(&value, "(", WordsFor(flag.kind), ")");
    }
  }
  return Quoted(absl::StrCat(LongName(flag), "[", help, "]", value));
}

std::string ZshVerb(const Verb& verb) {
  std::string text = absl::StrCat("    ", absl::StrJoin(NamesOf(verb), "|"),
                                  ")\n      _arguments $globals");
  for (const Flag& flag : Flags()) {
    if (IsFlag(flag) && Takes(verb, flag)) {
      absl::StrAppend(&text, " \\\n        ", ZshFlag(flag));
    }
  }
  if (TakesArgument(verb, Value::kAction)) {
    absl::StrAppend(&text, " \\\n        '1:action:(", Actions(), ")'");
  }
  if (TakesArgument(verb, Value::kSwitch)) {
    absl::StrAppend(&text, " \\\n        '1:state:(", kSwitchWords, ")'");
  }
  if (TakesArgument(verb, Value::kRecord)) {
    absl::StrAppend(&text, " \\\n        '1:transition:_klpx_records'");
  } else if (TakesModule(verb)) {
    absl::StrAppend(&text, " \\\n        '*:patch:_klpx_modules'");
  } else if (TakesPatch(verb)) {
    absl::StrAppend(&text, " \\\n        '*:patch:_klpx_patches'");
  } else if (TakesFile(verb)) {
    absl::StrAppend(&text, " \\\n        '*:file:_files'");
  }
  return absl::StrCat(text, " ;;\n");
}

// " -a ..." with the words that fish can offer; "" if there are none. Older
// versions of fish have no $(...), only (...).
std::string FishWords(Value kind) {
  std::string words = WordsFor(kind);
  if (words.empty()) return "";
  if (absl::StartsWith(words, "$(")) words.erase(0, 1);
  return absl::StrCat(" -a ", Quoted(words));
}

}  // namespace

std::string BashCompletion() {
  return absl::StrCat(
      kLicence, "_klp_controller() {\n  local cur=${COMP_WORDS[COMP_CWORD]}",
      " prev=${COMP_WORDS[COMP_CWORD-1]} verb= flags= word arguments=-1\n",
      "  COMPREPLY=()\n",
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n",
      "    case $word in\n      -*) ;;\n",
      "      *) verb=${verb:-$word} arguments=$((arguments + 1)) ;;\n",
      "    esac\n  done\n  case $verb,$prev in\n", BashValues(),
      "  esac\n  case $verb in\n", BashFlags(), "  esac\n  flags+=\" ",
      kGlobalFlags, "\"\n  if [[ $cur == -* ]]; then\n",
      "    COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\"))\n    return\n",
      "  fi\n  case $verb in\n", BashArguments(), "  esac\n}\n",
      "complete -o filenames -F _klp_controller klp-controller\n");
}

std::string ZshCompletion() {
  std::string verbs;
  std::string cases;
  for (const Verb& verb : Verbs()) {
    for (const std::string& name : NamesOf(verb)) {
      const std::string entry = absl::StrCat(
          name, ":", absl::StrReplaceAll(verb.summary, {{":", "\\:"}}));
      absl::StrAppend(&verbs, "    ", Quoted(entry), "\n");
    }
    absl::StrAppend(&cases, ZshVerb(verb));
  }
  return absl::StrCat(
      "#compdef klp-controller\n", kLicence,
      "_klpx_patches() {\n  local -a patches\n  patches=(${(f)\"", kPatches,
      "\"} ${(f)\"", kEngine, "\"})\n  compadd -a patches\n}\n",
      "_klpx_modules() {\n  _klpx_patches\n",
      "  _files -g '*.ko(|.xz|.zst|.gz)'\n}\n",
      "_klpx_records() {\n  local -a records\n  records=(${(f)\"", kRecords,
      "\"})\n  compadd -a records\n}\n",
      "_klp_controller() {\n  local -a verbs globals\n  globals=(",
      kGlobalFlags, ")\n  verbs=(\n", verbs,
      "  )\n  local at=2\n  while (( at < CURRENT )) && "
      "[[ $words[at] == -* ]]; do (( at++ )); done\n",
      "  if (( CURRENT == at )); then\n    _describe verb verbs\n",
      "    compadd -a globals\n    return\n  fi\n",
      "  local verb=$words[at]\n  shift $(( at - 1 )) words\n",
      "  (( CURRENT -= at - 1 ))\n  case $verb in\n", cases,
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
    for (const std::string& name : NamesOf(verb)) {
      absl::StrAppend(&text, kCommand, "-n __fish_use_subcommand -a ", name,
                      " -d ", Quoted(verb.summary), "\n");
    }
  }
  absl::StrAppend(&text, kCommand, "-l json -s j\n", kCommand,
                  "-l quiet -s q\n", kCommand, "-l verbose -s v\n", kCommand,
                  "-l help -s h\n");
  for (const Flag& flag : Flags()) {
    if (!IsFlag(flag)) continue;
    absl::StrAppend(&text, kCommand, after(Takers(flag)), " -l ",
                    LongName(flag).substr(2));
    if (!ShortName(flag).empty()) {
      absl::StrAppend(&text, " -s ", ShortName(flag).substr(1));
    }
    if (*flag.value != '\0') {
      absl::StrAppend(&text, flag.kind == Value::kFile ? " -rF" : " -x",
                      FishWords(flag.kind));
    }
    absl::StrAppend(&text, " -d ", Quoted(flag.help), "\n");
  }
  absl::StrAppend(&text, kCommand, after(Names(TakesModule)), " -F\n");
  absl::StrAppend(&text, kCommand, after(Names(TakesPatch)),
                  FishWords(Value::kPatch), "\n");
  for (const Value kind : {Value::kRecord, Value::kAction, Value::kSwitch}) {
    const auto takers =
        Names([&](const Verb& verb) { return TakesArgument(verb, kind); });
    absl::StrAppend(&text, kCommand, after(takers), FishWords(kind), "\n");
  }
  absl::StrAppend(&text, kCommand, after(Names(TakesFile)), " -F\n");
  return text;
}

}  // namespace klpx
