// SPDX-License-Identifier: GPL-2.0
// Which tasks a policy exempts from signals.
#include "controller/core/policy/policy_exempt.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace klpx {
namespace {

bool FitsAny(const std::vector<NamePattern>& patterns,
             const std::string& name) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(),
                                         [&](const NamePattern& pattern) {
                                           return Fits(pattern, name);
                                         });
}

bool IsWithin(const std::string& cgroup, const std::string& path) {
  return path == "/" || cgroup == path ||
         absl::StartsWith(cgroup, absl::StrCat(path, "/"));
}

bool Matches(const PolicyRule& rule, const RuleSubject& task) {
  const auto has_uid = [&](const UidRange& range) {
    return task.uid >= range.first && task.uid <= range.last;
  };
  const auto has_cgroup = [&](const std::string& path) {
    return IsWithin(task.cgroup, path);
  };
  return (rule.classes & klpx_class_of(&task.info)) != 0 &&
         (rule.reasons & (1U << (task.info.reason & 7))) != 0 &&
         (rule.uids.empty() ||
          std::any_of(rule.uids.begin(), rule.uids.end(), has_uid)) &&
         (rule.cgroups.empty() ||
          std::any_of(rule.cgroups.begin(), rule.cgroups.end(), has_cgroup)) &&
         FitsAny(rule.comms, task.info.comm) &&
         FitsAny(rule.patches, task.info.patch);
}

bool Exempts(const PolicyRule& rule) {
  return std::none_of(
      rule.steps.begin(), rule.steps.end(),
      [](const PolicyStep& step) { return step.push == KLPX_PUSH_SIGNAL; });
}

// The last rule is [default].
absl::Span<const PolicyRule> Named(const Policy& policy) {
  absl::Span<const PolicyRule> rules = policy.rules;
  if (!rules.empty()) rules.remove_suffix(1);
  return rules;
}

bool RowExempts(const klpx_rule& row) {
  return std::none_of(
      row.step, row.step + std::min<uint32_t>(row.steps, KLPX_STEPS_MAX),
      [](const klpx_step& step) { return step.push == KLPX_PUSH_SIGNAL; });
}

// The last row is [default].
absl::Span<const klpx_rule> NamedRows(const std::vector<klpx_rule>& rows) {
  absl::Span<const klpx_rule> named = rows;
  if (!named.empty()) named.remove_suffix(1);
  return named;
}

}  // namespace

const PolicyRule* ExemptingRule(const Policy& policy, const RuleSubject& task) {
  for (const PolicyRule& rule : Named(policy)) {
    if (Matches(rule, task)) return Exempts(rule) ? &rule : nullptr;
  }
  return nullptr;
}

const PolicyRule& DecidingRule(const Policy& policy, const RuleSubject& task) {
  for (const PolicyRule& rule : policy.rules) {
    if (Matches(rule, task)) return rule;
  }
  return policy.rules.back();
}

std::optional<absl::Duration> FirstSignal(const PolicyRule& rule) {
  for (const PolicyStep& step : rule.steps) {
    if (step.push == KLPX_PUSH_SIGNAL) return step.after;
  }
  return std::nullopt;
}

bool ExemptsAnyone(const Policy& policy) {
  const absl::Span<const PolicyRule> named = Named(policy);
  return std::any_of(named.begin(), named.end(), Exempts);
}

bool IsExemptByRows(const std::vector<klpx_rule>& rows,
                    const klpx_task_info& info, uint32_t uid,
                    const std::vector<uint64_t>& cgroups) {
  for (const klpx_rule& row : NamedRows(rows)) {
    const bool inside =
        row.cgroup == 0 ||
        std::find(cgroups.begin(), cgroups.end(), row.cgroup) != cgroups.end();
    if (inside && klpx_rule_fits(&row, &info, uid)) return RowExempts(row);
  }
  return false;
}

bool RowsExemptAnyone(const std::vector<klpx_rule>& rows) {
  const absl::Span<const klpx_rule> named = NamedRows(rows);
  return std::any_of(named.begin(), named.end(), RowExempts);
}

}  // namespace klpx
