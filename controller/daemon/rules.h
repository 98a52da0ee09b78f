// SPDX-License-Identifier: GPL-2.0
// The policy file as the daemon applies it: read at the start and at SIGHUP. A
// file with mistakes changes nothing.
#ifndef KLPX_CONTROLLER_DAEMON_RULES_H_
#define KLPX_CONTROLLER_DAEMON_RULES_H_

#include <string>

#include "controller/core/policy/policy.h"
#include "controller/daemon/job.h"
#include "controller/sys/bpf/policy_access.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

class Rules {
 public:
  Rules(Kernel& kernel, PolicyAccess& policy_access)
      : kernel_(kernel), policy_access_(policy_access) {}

  // Reports the mistakes of the file. On a reload the rules in the kernel are
  // updated, if they came from the file.
  void Load(bool reload);

  const PolicyDeadline& deadline() const { return policy_.deadline; }
  const HealthPolicy& health() const { return policy_.health; }
  // "" if the file has no mistakes.
  const std::string& mistake() const { return mistake_; }

 private:
  Kernel& kernel_;
  PolicyAccess& policy_access_;
  Policy policy_ = DefaultPolicy();
  std::string mistake_;
};

// Applies the rules of the file in every transition, however it was started,
// unless another policy is attached. Checked once per transition, as 'enable'
// does, so that a 'policy unload' by hand is not undone.
class PolicyJob final : public Job {
 public:
  PolicyJob(Kernel& kernel, PolicyAccess& policy_access)
      : kernel_(kernel), policy_access_(policy_access) {}

  absl::string_view name() const override { return "policy"; }
  absl::Duration Interval(const MachineState&) const override;
  absl::Status Step(MachineState& machine) override;

 private:
  Kernel& kernel_;
  PolicyAccess& policy_access_;
  int64_t seen_ns_ = 0;  // start of the last transition
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_RULES_H_
