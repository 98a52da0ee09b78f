// SPDX-License-Identifier: GPL-2.0
// How the operator wants blocking tasks to be treated (policy.toml). Plain
// data; docs/POLICY.md explains it.
#ifndef KLPX_CONTROLLER_CORE_POLICY_POLICY_H_
#define KLPX_CONTROLLER_CORE_POLICY_POLICY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/base/abi.h"
#include "controller/core/policy/health.h"

extern "C" {
#include "bpf/rules.h"
}

namespace klpx {

struct UidRange {
  uint32_t first = 0;
  uint32_t last = UINT32_MAX;
};

// A name, or the beginning of one.
struct NamePattern {
  std::string text;
  bool is_prefix = false;
};

struct PolicyStep {
  absl::Duration after;
  // Zero: once.
  absl::Duration every;
  // Zero: no limit.
  uint32_t at_most = 0;
  klpx_push push = KLPX_PUSH_SIGNAL;
};

// A task is matched if every list matches it: by one of its elements, or
// because the list is empty.
struct PolicyRule {
  std::string name;
  int line = 0;  // where it begins
  uint32_t classes = KLPX_CLASS_ALL;
  uint32_t reasons = KLPX_REASON_ALL;
  std::vector<UidRange> uids;
  std::vector<NamePattern> comms;
  std::vector<NamePattern> patches;
  std::vector<std::string> cgroups;  // paths from the root of the hierarchy
  // In the order of `after`. Empty: tasks are left alone.
  std::vector<PolicyStep> steps;
};

// What to do about a transition that has not ended in time.
struct PolicyDeadline {
  enum class Then { kWait, kReverse, kForce };

  std::optional<absl::Duration> after;
  Then then = Then::kWait;
  // Only these may be forced.
  std::vector<NamePattern> force;
};

struct Policy {
  // The last one matches every task.
  std::vector<PolicyRule> rules;
  PolicyDeadline deadline;
  HealthPolicy health;
};

// What the kernel's livepatch does: signals every kSignalEvery, no deadline.
Policy DefaultPolicy();

bool Fits(const NamePattern& pattern, const std::string& name);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_POLICY_H_
