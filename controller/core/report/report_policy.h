// SPDX-License-Identifier: GPL-2.0
// klp.policy/v1: which policy is attached, and what the policy file says.
#ifndef KLPX_CONTROLLER_CORE_REPORT_REPORT_POLICY_H_
#define KLPX_CONTROLLER_CORE_REPORT_REPORT_POLICY_H_

#include <optional>
#include <string>

#include "controller/core/base/machine.h"
#include "controller/core/policy/policy.h"

namespace klpx {

struct PolicyReport {
  Host host;
  std::string attached;          // its name, "" if none
  std::string file;              // where the policy was read from
  std::optional<Policy> policy;  // nullopt: there is no such file
};
std::string PolicyText(const PolicyReport& report);
std::string PolicyJson(const PolicyReport& report);

// "signal after 15s, every 15s"; "leave alone".
std::string StepsText(const PolicyRule& rule);
// "comm mysqld, uid 0-99"; "every task".
std::string MatchText(const PolicyRule& rule);
// "after 1m, reverse"; "none".
std::string DeadlineText(const PolicyDeadline& deadline);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_REPORT_REPORT_POLICY_H_
