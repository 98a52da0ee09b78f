// SPDX-License-Identifier: GPL-2.0
// The policy file as the daemon applies it.
#include "controller/daemon/rules.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/daemon/journal.h"
#include "controller/ops/policy/policy_rules.h"

namespace klpx {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(5);
// The name of the policy that applies the rules of the file
// (bpf/policy.bpf.c).
constexpr char kOurPolicy[] = "klpx";

void LogApplied(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    LogToJournal(Message::kPolicyApplied, warning);
  }
  LogToJournal(Message::kPolicyApplied,
               absl::StrCat("the rules of ", kPolicyFile, " are in force"));
}

}  // namespace

void Rules::Load(bool reload) {
  const absl::StatusOr<std::optional<Policy>> read = ReadPolicy(kernel_, "");
  mistake_ = std::string(read.status().message());
  if (!read.ok()) {
    LogToJournal(
        Message::kPolicyRefused,
        absl::StrCat(mistake_, reload ? "; the previous rules stay in force"
                                      : "; the engine's own timing applies, "
                                        "without a deadline"));
    return;
  }
  policy_ = read->value_or(DefaultPolicy());
  if (!reload || !*read || AttachedPolicy(kernel_) != kOurPolicy) return;
  const auto applied = ApplyPolicy(kernel_, policy_access_, kPolicyFile);
  if (applied.ok()) return LogApplied(*applied);
  mistake_ = std::string(applied.status().message());
  LogToJournal(Message::kPolicyRefused, mistake_);
}

absl::Duration PolicyJob::Interval(const MachineState&) const {
  return kInterval;
}

absl::Status PolicyJob::Step(MachineState& machine) {
  const std::optional<RecentTransition>& running = machine.klpx.running;
  if (!running || running->started_ns == seen_ns_) {
    return absl::OkStatus();
  }
  const bool had_one = !AttachedPolicy(kernel_).empty();
  const absl::StatusOr<std::vector<std::string>> applied =
      ApplyIfNone(kernel_, policy_access_, Engine::kKlpx);
  if (!applied.ok()) return applied.status();
  seen_ns_ = running->started_ns;
  if (!had_one && !AttachedPolicy(kernel_).empty()) LogApplied(*applied);
  return absl::OkStatus();
}

}  // namespace klpx
