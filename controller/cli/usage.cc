// SPDX-License-Identifier: GPL-2.0
// Checks a command line before the parser does, for better errors.
#include "controller/cli/usage.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/cli/flag_names.h"
#include "controller/cli/flags.h"
#include "controller/cli/verbs.h"
#include "controller/core/base/engine.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

struct Global {
  char letter;
  absl::string_view name;
};
constexpr Global kGlobals[] = {{'j', "--json"},
                               {'q', "--quiet"},
                               {'v', "--verbose"},
                               {'V', "--version"},
                               {'h', "--help"}};
constexpr absl::string_view kHelpWords[] = {"help", "version"};

// What users of other tools type.
struct Synonym {
  absl::string_view word;
  absl::string_view verb;
};
constexpr Synonym kSynonyms[] = {
    {"start", "enable"},      {"apply", "enable"},   {"insert", "enable"},
    {"stop", "disable"},      {"revert", "disable"}, {"rollback", "disable"},
    {"rm", "unload"},         {"rmmod", "unload"},   {"delete", "unload"},
    {"kick", "signal"},       {"wake", "signal"},    {"abort", "reverse"},
    {"cancel", "reverse"},    {"ls", "list"},        {"ps", "blocking"},
    {"stuck", "blocking"},    {"why", "explain"},    {"monitor", "top"},
    {"watch", "top"},         {"events", "history"}, {"test", "preflight"},
    {"validate", "preflight"}};

// The number of letters to insert, delete, change or swap.
size_t Distance(absl::string_view a, absl::string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1,
                                        std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); i++) {
    for (size_t j = 0; j <= b.size(); j++) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                             cost[i - 1][j - 1] + change});
      const bool swapped =
          i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

// "; did you mean 'enable'?", or "" if no known word is close.
std::string Nearest(absl::string_view word,
                    const std::vector<std::string>& known) {
  // No verb or flag is nearly as long.
  constexpr size_t kLongest = 40;
  if (word.size() > kLongest) return "";
  size_t best = std::max<size_t>(1, std::min<size_t>(3, word.size() / 3)) + 1;
  std::string nearest;
  for (const std::string& name : known) {
    const bool begins = word.size() > 2 && absl::StartsWith(name, word);
    const size_t distance = begins ? 1 : Distance(word, name);
    if (distance >= best) continue;
    best = distance;
    nearest = name;
  }
  return nearest.empty() ? "" : absl::StrCat("; did you mean '", nearest, "'?");
}

std::string MeantVerb(absl::string_view word) {
  for (const Synonym& synonym : kSynonyms) {
    if (word == synonym.word) {
      return absl::StrCat("; did you mean '", synonym.verb, "'?");
    }
  }
  std::vector<std::string> names(std::begin(kHelpWords), std::end(kHelpWords));
  for (const Verb& verb : Verbs()) {
    for (std::string& name : NamesOf(verb)) names.push_back(std::move(name));
  }
  return Nearest(word, names);
}

bool IsGlobal(absl::string_view word) {
  for (const Global& global : kGlobals) {
    if (word == global.name) return true;
  }
  return word == "--help-all";
}

bool IsGlobalLetter(char letter) {
  return std::any_of(std::begin(kGlobals), std::end(kGlobals),
                     [&](const Global& g) { return g.letter == letter; });
}

const Flag* FindFlag(const Verb& verb, absl::string_view name) {
  for (const Flag& flag : Flags()) {
    if (!IsFlag(flag) || !Takes(verb, flag)) continue;
    if (name == LongName(flag) || name == ShortName(flag)) return &flag;
  }
  return nullptr;
}

std::vector<std::string> VerbsWith(absl::string_view name) {
  std::vector<std::string> verbs;
  for (const Verb& verb : Verbs()) {
    if (FindFlag(verb, name) != nullptr) verbs.push_back(verb.name);
  }
  return verbs;
}

bool IsNumber(const Flag& flag, absl::string_view value) {
  Arguments arguments;
  const Slot slot = flag.slot(arguments);
  uint64_t most = std::numeric_limits<int64_t>::max();
  if (std::holds_alternative<std::optional<uint32_t>*>(slot)) {
    most = std::numeric_limits<uint32_t>::max();
  } else if (std::holds_alternative<std::string*>(slot) ||
             std::holds_alternative<std::vector<std::string>*>(slot)) {
    return true;  // any text
  }
  uint64_t number = 0;
  const bool digits = std::all_of(value.begin(), value.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  return digits && absl::SimpleAtoi(value, &number) && number <= most;
}

bool TakesSeveral(const Flag& flag) {
  Arguments arguments;
  return std::holds_alternative<std::vector<std::string>*>(
      flag.slot(arguments));
}

// "" if the value is valid.
std::string CheckValue(const Flag& flag, absl::string_view value) {
  if (flag.kind == Value::kDuration && !ParseTimeout(value)) {
    return absl::StrCat(LongName(flag), ": '", Printable(value),
                        "' is not a time; write 30, 30s, 5m or 1h30m");
  }
  if (flag.kind == Value::kEngine && value != RowOf(Engine::kKlpx).word &&
      value != RowOf(Engine::kKernel).word) {
    return absl::StrCat(LongName(flag), ": '", Printable(value),
                        "' is not an engine; write klpx or kernel");
  }
  if (IsNumber(flag, value)) return "";
  return absl::StrCat(LongName(flag), ": '", Printable(value),
                      "' is not a number (", flag.value, ")");
}

// Checks the words after a verb, one by one.
class VerbWords {
 public:
  VerbWords(const Verb& verb, const std::vector<std::string>& words,
            size_t first)
      : verb_(verb), words_(words), at_(first) {}

  // "" if nothing is wrong.
  std::string Check() {
    bool flags = true;
    for (; at_ < words_.size(); at_++) {
      const absl::string_view word = words_[at_];
      std::string wrong;
      if (flags && word == "--") {
        flags = false;
      } else if (flags && absl::StartsWith(word, "--")) {
        wrong = CheckLong(word);
      } else if (flags && absl::StartsWith(word, "-") && word.size() > 1) {
        wrong = CheckLetters(word);
      } else {
        arguments_.emplace_back(word);
      }
      if (!wrong.empty() || help_) return wrong;
    }
    return CheckArguments();
  }

 private:
  std::string CheckLong(absl::string_view word) {
    const size_t equals = word.find('=');
    const absl::string_view name = word.substr(0, equals);
    if (IsGlobal(name)) {
      help_ = help_ || name == "--help" || name == "--version";
      return "";
    }
    const Flag* flag = FindFlag(verb_, name);
    if (flag == nullptr) return Unknown(name);
    all_ = all_ || name == "--all";
    if (*flag->value == '\0') return "";
    if (equals != word.npos) return CheckValue(*flag, word.substr(equals + 1));
    return TakeValue(*flag);
  }

  // "-p", "-p12", "-vp 12".
  std::string CheckLetters(absl::string_view word) {
    for (size_t i = 1; i < word.size(); i++) {
      const std::string name = {'-', word[i]};
      const Flag* flag = FindFlag(verb_, name);
      if (flag == nullptr && !IsGlobalLetter(word[i])) return Unknown(name);
      help_ = help_ || word[i] == 'h' || word[i] == 'V';
      if (flag == nullptr || *flag->value == '\0') continue;
      const absl::string_view rest = word.substr(i + 1);
      return rest.empty() ? TakeValue(*flag) : CheckValue(*flag, rest);
    }
    return "";
  }

  std::string TakeValue(const Flag& flag) {
    const bool there = at_ + 1 < words_.size();
    // No value begins with "--".
    if (!there || absl::StartsWith(words_[at_ + 1], "--")) {
      return absl::StrCat(LongName(flag), " needs a value: ", LongName(flag),
                          " ", flag.value);
    }
    const std::string wrong = CheckValue(flag, words_[++at_]);
    if (!wrong.empty() || !TakesSeveral(flag)) return wrong;
    while (at_ + 1 < words_.size() && !absl::StartsWith(words_[at_ + 1], "-")) {
      at_++;
    }
    return "";
  }

  std::string Unknown(absl::string_view name) const {
    std::vector<std::string> known;
    for (const Flag& flag : Flags()) {
      if (IsFlag(flag) && Takes(verb_, flag)) {
        known.emplace_back(LongName(flag));
      }
    }
    for (const Global& global : kGlobals) known.emplace_back(global.name);
    const std::vector<std::string> others = VerbsWith(name);
    return absl::StrCat(
        verb_.name, " has no flag '", Printable(name), "'",
        others.empty()
            ? Nearest(name, known)
            : absl::StrCat("; it belongs to ", absl::StrJoin(others, ", ")));
  }

  // Checks the number of arguments; an error names the missing one.
  std::string CheckArguments() const {
    std::vector<std::string> names;
    size_t least = 0;
    if (verb_.patch != PatchArgument::kNone) names.push_back("PATCH");
    if (verb_.patch == PatchArgument::kRequired) least = 1;
    if (verb_.patch == PatchArgument::kSeveral && !all_) least = 1;
    for (const Flag& flag : Flags()) {
      if (IsFlag(flag) || !Takes(verb_, flag)) continue;
      names.push_back(flag.names);
      if (flag.required) least = names.size();
    }
    if (arguments_.size() < least) {
      return absl::StrCat(verb_.name, " needs a ", names[arguments_.size()]);
    }
    const bool several = verb_.patch == PatchArgument::kSeveral;
    if (several || arguments_.size() <= names.size()) return "";
    const std::string extra = Printable(arguments_[names.size()]);
    if (names.empty()) {
      return absl::StrCat(verb_.name, " takes no argument, but '", extra,
                          "' was given");
    }
    return absl::StrCat(verb_.name, " takes ", absl::StrJoin(names, " and "),
                        "; '", extra, "' is one too many");
  }

  const Verb& verb_;
  const std::vector<std::string>& words_;
  size_t at_;
  std::vector<std::string> arguments_;
  bool all_ = false;
  bool help_ = false;  // --help or --version: the rest does not matter
};

// Checks a flag before the verb; "" if it may stand there.
std::string CheckFront(absl::string_view word) {
  if (IsGlobal(word)) return "";
  const absl::string_view name = word.substr(0, word.find('='));
  if (!absl::StartsWith(word, "--")) {
    const bool known =
        std::all_of(word.begin() + 1, word.end(), IsGlobalLetter);
    if (known) return "";
  }
  const std::vector<std::string> verbs = VerbsWith(name);
  if (!verbs.empty()) {
    return absl::StrCat("'", Printable(name),
                        "' belongs after the verb: ", "klp-controller ",
                        verbs.front(), " ... ", name);
  }
  std::vector<std::string> known;
  for (const Global& global : kGlobals) known.emplace_back(global.name);
  return absl::StrCat("unknown flag '", Printable(name), "'",
                      Nearest(name, known));
}

}  // namespace

UsageError CheckUsage(const std::vector<std::string>& words) {
  for (size_t i = 0; i < words.size(); i++) {
    const std::string& word = words[i];
    if (word == "-h" || word == "--help" || word == "-V" ||
        word == "--version") {
      return {};
    }
    if (word.size() > 1 && word[0] == '-') {
      const std::string wrong = CheckFront(word);
      if (!wrong.empty()) return {wrong, ""};
      continue;
    }
    const Verb* verb = FindVerb(word);
    if (verb == nullptr) {
      return {
          absl::StrCat("unknown verb '", Printable(word), "'", MeantVerb(word)),
          ""};
    }
    return {VerbWords(*verb, words, i + 1).Check(), verb->name};
  }
  return {"no verb given; for example 'klp-controller status'", ""};
}

bool WantsJson(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    const bool letters =
        word.size() > 1 && word[0] == '-' &&
        std::all_of(word.begin() + 1, word.end(), IsGlobalLetter);
    return word == "--json" || (letters && word.find('j') != std::string::npos);
  });
}

std::vector<std::string> WithoutHelpWords(std::vector<std::string> words) {
  const auto verb =
      std::find_if(words.begin(), words.end(),
                   [](const std::string& word) { return word[0] != '-'; });
  if (verb == words.end()) return words;
  if (*verb == "version") return {"--version"};
  if (*verb != "help") return words;
  if (verb + 1 == words.end()) return {"--help"};
  return {*(verb + 1), "--help"};
}

}  // namespace klpx
