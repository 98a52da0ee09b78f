// SPDX-License-Identifier: GPL-2.0
#include "controller/core/report/report_policy.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/json.h"
#include "controller/core/base/text.h"
#include "controller/core/policy/policy_words.h"

namespace klpx {
namespace {

std::string AttachedWords(const std::string& attached) {
  if (!attached.empty()) return attached;
  return absl::StrCat("none; the engine itself signals ", SignalPaceWords());
}

std::vector<std::string> PatternTexts(
    const std::vector<NamePattern>& patterns) {
  std::vector<std::string> texts;
  for (const NamePattern& pattern : patterns) {
    texts.push_back(absl::StrCat(pattern.text, pattern.is_prefix ? "*" : ""));
  }
  return texts;
}

std::vector<std::string> UidTexts(const std::vector<UidRange>& ranges) {
  std::vector<std::string> texts;
  for (const UidRange& range : ranges) {
    texts.push_back(range.first == range.last
                        ? absl::StrCat(range.first)
                        : absl::StrCat(range.first, "-", range.last));
  }
  return texts;
}

template <size_t n>
std::vector<std::string> BitTexts(const Word<uint32_t> (&words)[n],
                                  uint32_t bits) {
  std::vector<std::string> texts;
  for (const Word<uint32_t>& word : words) {
    if (bits & word.value) texts.emplace_back(word.word);
  }
  return texts;
}

std::string StepText(const PolicyStep& step) {
  std::string text = absl::StrCat(WordFor(kPushWords, step.push), " after ",
                                  absl::FormatDuration(step.after));
  if (step.every > absl::ZeroDuration()) {
    absl::StrAppend(&text, ", every ", absl::FormatDuration(step.every));
  }
  if (step.at_most > 0) {
    absl::StrAppend(&text, ", at most ", Count(step.at_most, "time"));
  }
  return text;
}

Json StepJson(const PolicyStep& step) {
  Json json;
  json["push"] = std::string(WordFor(kPushWords, step.push));
  json["after_ms"] = absl::ToInt64Milliseconds(step.after);
  json["every_ms"] = absl::ToInt64Milliseconds(step.every);
  json["at_most"] = step.at_most;
  return json;
}

// An empty list stands for everything.
Json RuleJson(const PolicyRule& rule) {
  Json json;
  json["name"] = Printable(rule.name);
  json["line"] = rule.line;
  json["class"] = BitTexts(kClassWords, rule.classes);
  json["reason"] = rule.reasons == KLPX_REASON_ALL
                       ? std::vector<std::string>()
                       : BitTexts(kReasonWords, rule.reasons);
  json["uid"] = UidTexts(rule.uids);
  json["comm"] = PatternTexts(rule.comms);
  json["patch"] = PatternTexts(rule.patches);
  json["cgroup"] = rule.cgroups;
  json["step"] = Json::array();
  for (const PolicyStep& step : rule.steps) {
    json["step"].push_back(StepJson(step));
  }
  return json;
}

Json DeadlineJson(const PolicyDeadline& deadline) {
  Json json;
  if (deadline.after) {
    json["after_ms"] = absl::ToInt64Milliseconds(*deadline.after);
  } else {
    json["after_ms"] = nullptr;
  }
  json["then"] = std::string(WordFor(kThenWords, deadline.then));
  json["force"] = PatternTexts(deadline.force);
  return json;
}

Json HealthJson(const HealthPolicy& health) {
  Json json;
  json["watch_ms"] = absl::ToInt64Milliseconds(health.watch);
  json["every_ms"] = absl::ToInt64Milliseconds(health.every);
  json["limit_ms"] = absl::ToInt64Milliseconds(health.limit);
  json["kernel_log"] = health.kernel_log;
  json["command"] = health.command;
  json["http"] = TextOrNull(health.http ? health.http->text : "");
  json["accept"] = health.accept ? "auto" : "manual";
  return json;
}

std::string HealthText(const HealthPolicy& health) {
  if (health.watch <= absl::ZeroDuration()) return "none";
  std::vector<std::string> what;
  if (health.kernel_log) what.push_back("kernel log");
  if (!health.command.empty()) {
    what.push_back(absl::StrJoin(health.command, " "));
  }
  if (health.http) what.push_back(health.http->text);
  return Printable(absl::StrCat("for ", absl::FormatDuration(health.watch),
                                ": ", absl::StrJoin(what, ", ")));
}

}  // namespace

std::string StepsText(const PolicyRule& rule) {
  if (rule.steps.empty()) return "leave alone";
  std::vector<std::string> texts;
  for (const PolicyStep& step : rule.steps) texts.push_back(StepText(step));
  return absl::StrJoin(texts, "; ");
}

std::string MatchText(const PolicyRule& rule) {
  std::vector<std::string> parts;
  const auto add = [&parts](absl::string_view key,
                            const std::vector<std::string>& values) {
    if (values.empty()) return;
    parts.push_back(absl::StrCat(key, " ", absl::StrJoin(values, "|")));
  };
  if (rule.classes != KLPX_CLASS_ALL)
    add("class", BitTexts(kClassWords, rule.classes));
  if (rule.reasons != KLPX_REASON_ALL) {
    add("reason", BitTexts(kReasonWords, rule.reasons));
  }
  add("uid", UidTexts(rule.uids));
  add("comm", PatternTexts(rule.comms));
  add("patch", PatternTexts(rule.patches));
  add("cgroup", rule.cgroups);
  return parts.empty() ? "every task" : Printable(absl::StrJoin(parts, ", "));
}

std::string DeadlineText(const PolicyDeadline& deadline) {
  if (!deadline.after) return "none";
  return absl::StrCat("after ", absl::FormatDuration(*deadline.after), ", ",
                      WordFor(kThenWords, deadline.then));
}

std::string PolicyText(const PolicyReport& report) {
  std::string text = absl::StrCat("attached: ", AttachedWords(report.attached),
                                  "\nfile:     ", report.file);
  if (!report.policy) return absl::StrCat(text, " (does not exist)\n");
  absl::StrAppend(&text, "\ndeadline: ", DeadlineText(report.policy->deadline),
                  "\nhealth:   ", HealthText(report.policy->health), "\n\n");
  Table table({"RULE", "MATCHES", "DOES"});
  for (const PolicyRule& rule : report.policy->rules) {
    table.Add({Printable(rule.name), MatchText(rule), StepsText(rule)});
  }
  return absl::StrCat(text, table.ToString());
}

std::string PolicyJson(const PolicyReport& report) {
  Json json = Envelope("klp.policy/v1", report.host);
  json["attached"] = report.attached;
  json["file"] = report.file;
  json["rules"] = nullptr;
  json["deadline"] = nullptr;
  json["health"] = nullptr;
  if (report.policy) {
    json["rules"] = Json::array();
    for (const PolicyRule& rule : report.policy->rules) {
      json["rules"].push_back(RuleJson(rule));
    }
    json["deadline"] = DeadlineJson(report.policy->deadline);
    json["health"] = HealthJson(report.policy->health);
  }
  return Dump(json);
}

}  // namespace klpx
