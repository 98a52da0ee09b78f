// SPDX-License-Identifier: GPL-2.0
#include "controller/core/policy/policy_file.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "controller/core/base/error.h"
#include "controller/core/base/toml_section.h"
#include "controller/core/policy/policy_health.h"
#include "controller/core/policy/policy_rows.h"
#include "controller/core/policy/policy_words.h"

namespace klpx {
namespace {

constexpr int64_t kMostTimes = 1000000;

// The value of `text` in a list of words; if it is not in it, a problem.
template <typename Value, size_t n>
std::optional<Value> Choose(const Word<Value> (&words)[n],
                            absl::string_view text,
                            const toml::source_region& where,
                            absl::string_view key, Problems& problems) {
  std::vector<absl::string_view> known;
  for (const Word<Value>& word : words) {
    if (word.word == text) return word.value;
    known.push_back(word.word);
  }
  problems.Add(where, "'", key, "' cannot be '", text, "'; it can be ",
               absl::StrJoin(known, ", "));
  return std::nullopt;
}

enum class Do { kLeave, kDefault };
constexpr Word<Do> kDos[] = {{"leave", Do::kLeave}, {"default", Do::kDefault}};

template <size_t n>
uint32_t ReadBits(Section& section, absl::string_view key,
                  const Word<uint32_t> (&words)[n], uint32_t all,
                  Problems& problems) {
  const auto strings = section.Strings(key);
  if (section.Find(key) == nullptr) return all;
  uint32_t bits = 0;
  for (const auto& [text, where] : strings) {
    bits |= Choose(words, text, where, key, problems).value_or(0);
  }
  return bits;
}

std::vector<NamePattern> ReadPatterns(Section& section, absl::string_view key,
                                      size_t room, Problems& problems) {
  std::vector<NamePattern> patterns;
  for (const auto& [text, where] : section.Strings(key)) {
    absl::string_view name = text;
    const bool is_prefix = absl::ConsumeSuffix(&name, "*");
    if (name.find_first_of("*?[") != name.npos) {
      problems.Add(where, "'", key, "': '", text,
                   "': a name may have one '*', at the end");
    } else if (name.size() >= room) {
      problems.Add(where, "'", key, "': '", text, "' is longer than ", room - 1,
                   " characters, the most that a ", key, " can have");
    } else if (name.empty() && !is_prefix) {
      problems.Add(where, "'", key, "' holds an empty name");
    } else {
      patterns.push_back({std::string(name), is_prefix});
    }
  }
  return patterns;
}

std::optional<UidRange> ReadUid(const toml::node& node) {
  if (node.is_integer()) {
    const int64_t uid = node.as_integer()->get();
    if (uid < 0 || uid > UINT32_MAX) return std::nullopt;
    return UidRange{static_cast<uint32_t>(uid), static_cast<uint32_t>(uid)};
  }
  if (!node.is_string()) return std::nullopt;
  const std::vector<std::string> ends =
      absl::StrSplit(node.as_string()->get(), '-');
  UidRange range;
  if (ends.size() != 2 || !absl::SimpleAtoi(ends[0], &range.first) ||
      !absl::SimpleAtoi(ends[1], &range.last) || range.first > range.last) {
    return std::nullopt;
  }
  return range;
}

std::vector<UidRange> ReadUids(const Section& section, Problems& problems) {
  std::vector<UidRange> ranges;
  const toml::node* node = section.Find("uid");
  if (node == nullptr) return ranges;
  const auto add = [&](const toml::node& element) {
    const std::optional<UidRange> range = ReadUid(element);
    if (range) {
      ranges.push_back(*range);
    } else {
      problems.Add(element.source(),
                   "'uid' must be a number or a range such as \"1000-1999\"");
    }
  };
  if (const toml::array* array = node->as_array(); array != nullptr) {
    if (array->empty()) problems.Add(node->source(), "'uid' must not be empty");
    for (const toml::node& element : *array) add(element);
  } else {
    add(*node);
  }
  return ranges;
}

std::vector<std::string> ReadCgroups(Section& section, Problems& problems) {
  std::vector<std::string> paths;
  for (const auto& [text, where] : section.Strings("cgroup")) {
    std::vector<std::string> parts = absl::StrSplit(text, '/');
    // Each cgroup needs one spelling, because paths are compared as text.
    std::erase_if(parts, [](const std::string& part) {
      return part.empty() || part == ".";
    });
    if (text.empty() || text[0] != '/' ||
        std::find(parts.begin(), parts.end(), "..") != parts.end()) {
      problems.Add(where, "'cgroup': '", text,
                   "' must be a path from the root of the hierarchy, such as "
                   "\"/system.slice/db.service\"");
    } else if (parts.size() >= KLPX_CGROUP_LEVELS_MAX) {
      problems.Add(where, "'cgroup': '", text, "' is deeper than ",
                   KLPX_CGROUP_LEVELS_MAX - 1,
                   " levels, below which no rule applies");
    } else {
      paths.push_back(absl::StrCat("/", absl::StrJoin(parts, "/")));
    }
  }
  return paths;
}

std::optional<uint32_t> ReadTimes(const Section& section, Problems& problems) {
  const toml::node* node = section.Find("at_most");
  if (node == nullptr) return 0;
  const int64_t times = node->is_integer() ? node->as_integer()->get() : -1;
  if (times < 1 || times > kMostTimes) {
    problems.Add(node->source(), "'at_most' must be a number from 1 to ",
                 kMostTimes);
    return std::nullopt;
  }
  return static_cast<uint32_t>(times);
}

std::optional<PolicyStep> ReadStep(const toml::table& table,
                                   Problems& problems) {
  Section section(table, "a step", problems);
  section.AllowOnly({"after", "push", "every", "at_most"});
  const std::optional<absl::Duration> after = section.Duration("after");
  const std::optional<std::string> push = section.Text("push");
  if (section.Find("after") == nullptr || section.Find("push") == nullptr) {
    problems.Add(table.source(), "a step needs 'after' and 'push'");
  }
  const std::optional<absl::Duration> every = section.Duration("every");
  const std::optional<uint32_t> at_most = ReadTimes(section, problems);
  if (!after || !push || !at_most) return std::nullopt;
  if (every && *every < absl::Seconds(1)) {
    problems.Add(section.Find("every")->source(),
                 "'every' must be at least a second");
    return std::nullopt;
  }
  if (*at_most > 1 && !every) {
    problems.Add(section.Find("at_most")->source(),
                 "'at_most' without 'every': such a step is done only once");
    return std::nullopt;
  }
  const std::optional<klpx_push> pushes = Choose(
      kPushWords, *push, section.Find("push")->source(), "push", problems);
  if (!pushes) return std::nullopt;
  return PolicyStep{*after, every.value_or(absl::ZeroDuration()), *at_most,
                    *pushes};
}

std::vector<PolicyStep> ReadSteps(const toml::node& node, Problems& problems) {
  std::vector<PolicyStep> steps;
  const toml::array* array = node.as_array();
  if (array == nullptr || array->empty() || array->size() > KLPX_STEPS_MAX) {
    problems.Add(node.source(), "'step' must be a list of 1 to ",
                 KLPX_STEPS_MAX, " steps");
    return steps;
  }
  for (const toml::node& element : *array) {
    const toml::table* table = element.as_table();
    if (table == nullptr) {
      problems.Add(element.source(),
                   "a step looks like { after = \"15s\", push = \"signal\" }");
      continue;
    }
    const std::optional<PolicyStep> step = ReadStep(*table, problems);
    if (!step) continue;
    if (!steps.empty() && step->after <= steps.back().after) {
      problems.Add(element.source(),
                   "steps must be in order: 'after' must be more than that of "
                   "the step before it");
    }
    steps.push_back(*step);
  }
  return steps;
}

// Reads the action of a rule; `otherwise` is that of do = "default".
void ReadAction(Section& section, absl::string_view name,
                const toml::table& table,
                const std::vector<PolicyStep>& otherwise, PolicyRule& rule,
                Problems& problems) {
  const toml::node* step = section.Find("step");
  const std::optional<std::string> what = section.Text("do");
  if ((step != nullptr) == (section.Find("do") != nullptr)) {
    problems.Add(table.source(), name, " needs either 'do' or 'step'");
    return;
  }
  if (step != nullptr) {
    rule.steps = ReadSteps(*step, problems);
    return;
  }
  if (!what) return;
  const std::optional<Do> done =
      Choose(kDos, *what, section.Find("do")->source(), "do", problems);
  if (done == Do::kDefault) rule.steps = otherwise;
}

PolicyRule ReadRule(const toml::table& table, const PolicyRule& otherwise,
                    Problems& problems) {
  Section section(table, "a rule", problems);
  section.AllowOnly({"name", "class", "reason", "uid", "comm", "patch",
                     "cgroup", "do", "step"});
  PolicyRule rule;
  rule.line = static_cast<int>(table.source().begin.line);
  rule.name =
      section.Text("name").value_or(absl::StrCat("rule in line ", rule.line));
  rule.classes =
      ReadBits(section, "class", kClassWords, KLPX_CLASS_ALL, problems);
  rule.reasons =
      ReadBits(section, "reason", kReasonWords, KLPX_REASON_ALL, problems);
  rule.uids = ReadUids(section, problems);
  rule.comms = ReadPatterns(section, "comm", KLPX_COMM_LEN, problems);
  rule.patches = ReadPatterns(section, "patch", KLPX_PATCH_NAME_LEN, problems);
  rule.cgroups = ReadCgroups(section, problems);
  ReadAction(section, "a rule", table, otherwise.steps, rule, problems);
  return rule;
}

PolicyRule ReadDefault(const toml::table& root, Problems& problems) {
  PolicyRule rule = DefaultPolicy().rules.front();
  const toml::node* node = root.get("default");
  if (node == nullptr) return rule;
  const toml::table* table = node->as_table();
  if (table == nullptr) {
    problems.Add(node->source(), "'default' must be a table: [default]");
    return rule;
  }
  Section section(*table, "[default]", problems);
  section.AllowOnly({"do", "step"});
  rule.line = static_cast<int>(table->source().begin.line);
  const std::vector<PolicyStep> usual = rule.steps;
  rule.steps.clear();
  ReadAction(section, "[default]", *table, usual, rule, problems);
  return rule;
}

void ReadRules(const toml::table& root, Policy& policy, Problems& problems) {
  const PolicyRule otherwise = ReadDefault(root, problems);
  const toml::node* node = root.get("rule");
  const toml::array* array = node != nullptr ? node->as_array() : nullptr;
  if (node != nullptr && (array == nullptr || !array->is_array_of_tables())) {
    problems.Add(node->source(), "rules are tables of a list: [[rule]]");
  } else if (array != nullptr) {
    for (const toml::node& element : *array) {
      policy.rules.push_back(
          ReadRule(*element.as_table(), otherwise, problems));
    }
  }
  policy.rules.push_back(otherwise);
}

// The kernel has room for KLPX_RULES_MAX rows. More of them are a mistake in
// the file, reported at the rule that makes the most.
void CheckRows(const Policy& policy, Problems& problems) {
  const size_t rows = CountRows(policy);
  if (rows <= KLPX_RULES_MAX) return;
  const auto largest =
      std::max_element(policy.rules.begin(), policy.rules.end(),
                       [](const PolicyRule& a, const PolicyRule& b) {
                         return CountRows(a) < CountRows(b);
                       });
  toml::source_region where;
  where.begin.line = static_cast<toml::source_index>(largest->line);
  problems.Add(where, "the rules make ", rows,
               " combinations of comm, uid, cgroup and patch, ",
               CountRows(*largest), " of them by this one; at most ",
               KLPX_RULES_MAX,
               " are possible. Shorten the lists, or use a prefix (\"name*\")");
}

void ReadDeadline(const toml::table& root, PolicyDeadline& deadline,
                  Problems& problems) {
  const toml::node* node = root.get("deadline");
  if (node == nullptr) return;
  const toml::table* table = node->as_table();
  if (table == nullptr) {
    problems.Add(node->source(), "'deadline' must be a table: [deadline]");
    return;
  }
  Section section(*table, "[deadline]", problems);
  section.AllowOnly({"after", "then", "force"});
  deadline.after = section.Duration("after");
  if (section.Find("after") == nullptr) {
    problems.Add(table->source(), "a deadline needs 'after'");
  }
  if (const std::optional<std::string> then = section.Text("then")) {
    deadline.then = Choose(kThenWords, *then, section.Find("then")->source(),
                           "then", problems)
                        .value_or(PolicyDeadline::Then::kWait);
  }
  deadline.force =
      ReadPatterns(section, "force", KLPX_PATCH_NAME_LEN, problems);
  if (deadline.then == PolicyDeadline::Then::kForce &&
      section.Find("force") == nullptr) {
    problems.Add(table->source(),
                 "then = \"force\" needs the names of the patches that may be "
                 "forced: force = [\"NAME\"]");
  }
}

}  // namespace

absl::StatusOr<Policy> ParsePolicy(absl::string_view text,
                                   absl::string_view name) {
  Problems problems(name);
  const std::string unfit = WhyNotToml(text);
  if (!unfit.empty()) {
    return Error(ErrorKind::kUsage, name, ":", unfit);
  }
  const toml::parse_result parsed =
      toml::parse(std::string_view(text.data(), text.size()));
  if (!parsed) {
    problems.Add(parsed.error().source(),
                 std::string(parsed.error().description()));
    return problems.ToStatus();
  }
  const toml::table& root = parsed.table();
  Section(root, "the file", problems)
      .AllowOnly({"default", "rule", "deadline", "health"});
  Policy policy;
  policy.rules.clear();
  ReadRules(root, policy, problems);
  ReadDeadline(root, policy.deadline, problems);
  policy.health = ReadHealth(root, problems);
  CheckRows(policy, problems);
  const absl::Status status = problems.ToStatus();
  if (!status.ok()) return status;
  return policy;
}

}  // namespace klpx
