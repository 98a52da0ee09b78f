// SPDX-License-Identifier: GPL-2.0
#include "controller/core/policy/policy.h"

#include "absl/strings/match.h"
#include "controller/core/base/engine.h"

namespace klpx {

Policy DefaultPolicy() {
  PolicyRule rule;
  rule.name = "default";
  rule.steps = {{kSignalEvery, kSignalEvery, 0, KLPX_PUSH_SIGNAL}};
  Policy policy;
  policy.rules.push_back(rule);
  return policy;
}

bool Fits(const NamePattern& pattern, const std::string& name) {
  return pattern.is_prefix ? absl::StartsWith(name, pattern.text)
                           : name == pattern.text;
}

}  // namespace klpx
