// SPDX-License-Identifier: GPL-2.0
#include "controller/core/report_policy.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/json.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

constexpr char kNone[] = "none; the engine signals every 15 s by itself";

absl::string_view PushWord(klpx_push push) {
  switch (push) {
    case KLPX_PUSH_WAIT:
      return "wait";
    case KLPX_PUSH_KICK:
      return "kick";
    case KLPX_PUSH_SIGNAL:
      return "signal";
    case KLPX_PUSH_LEAVE:
      return "leave";
    case KLPX_PUSH_DEFAULT:
      return "default";
  }
  return "unknown";
}

absl::string_view ThenWord(PolicyDeadline::Then then) {
  switch (then) {
    case PolicyDeadline::Then::kWait:
      return "wait";
    case PolicyDeadline::Then::kReverse:
      return "reverse";
    case PolicyDeadline::Then::kForce:
      return "force";
  }
  return "unknown";
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

std::vector<std::string> ClassTexts(uint32_t classes) {
  std::vector<std::string> texts;
  if (classes & KLPX_CLASS_USER) texts.push_back("user");
  if (classes & KLPX_CLASS_KTHREAD) texts.push_back("kthread");
  if (classes & KLPX_CLASS_IO_WORKER) texts.push_back("io-worker");
  return texts;
}

std::vector<std::string> ReasonTexts(uint32_t reasons) {
  std::vector<std::string> texts;
  for (const klpx_reason reason :
       {KLPX_RUNNING, KLPX_ON_FUNCTION, KLPX_UNRELIABLE_STACK, KLPX_STOPPED,
        KLPX_UNINTERRUPTIBLE, KLPX_EXITING}) {
    if (reasons & (1U << reason)) {
      texts.push_back(std::string(ReasonWord(reason)));
    }
  }
  return texts;
}

std::string StepText(const PolicyStep& step) {
  std::string text = absl::StrCat(PushWord(step.push), " after ",
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
  json["push"] = std::string(PushWord(step.push));
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
  json["class"] = ClassTexts(rule.classes);
  json["reason"] = rule.reasons == KLPX_REASON_ALL ? std::vector<std::string>()
                                                   : ReasonTexts(rule.reasons);
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
  json["then"] = std::string(ThenWord(deadline.then));
  json["force"] = PatternTexts(deadline.force);
  return json;
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
  if (rule.classes != KLPX_CLASS_ALL) add("class", ClassTexts(rule.classes));
  if (rule.reasons != KLPX_REASON_ALL) {
    add("reason", ReasonTexts(rule.reasons));
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
                      ThenWord(deadline.then));
}

std::string PolicyText(const PolicyReport& report) {
  std::string text = absl::StrCat(
      "attached: ", report.attached.empty() ? kNone : report.attached,
      "\nfile:     ", report.file);
  if (!report.policy) return absl::StrCat(text, " (does not exist)\n");
  absl::StrAppend(&text, "\ndeadline: ", DeadlineText(report.policy->deadline),
                  "\n\n");
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
  if (report.policy) {
    json["rules"] = Json::array();
    for (const PolicyRule& rule : report.policy->rules) {
      json["rules"].push_back(RuleJson(rule));
    }
    json["deadline"] = DeadlineJson(report.policy->deadline);
  }
  return Dump(json);
}

}  // namespace klpx
