// SPDX-License-Identifier: GPL-2.0
// The policy that is attached to the engine: our own, which follows rules, or
// one that a user wrote. It is pinned, so it outlives the process that attached
// it.
#ifndef KLPX_CONTROLLER_SYS_BPF_POLICY_ACCESS_H_
#define KLPX_CONTROLLER_SYS_BPF_POLICY_ACCESS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "controller/core/policy/policy_rows.h"

namespace klpx {

class PolicyAccess {
 public:
  virtual ~PolicyAccess() = default;

  // The ids of those cgroups (v2) that exist.
  virtual CgroupIds FindCgroups(const std::vector<std::string>& paths) = 0;

  // Puts these rows into force, all at the same instant, even during a
  // transition. kRefused if a user's own policy is attached.
  virtual absl::Status Apply(const std::vector<klpx_rule>& rows) = 0;

  // The rows in force; none if the attached policy is not ours.
  virtual absl::StatusOr<std::vector<klpx_rule>> ReadRows() = 0;

  // Attaches the struct_ops klpx_policy of a BPF object file. kRefused if any
  // policy is attached, or the object has none, or the kernel refuses it.
  virtual absl::Status AttachObject(const std::string& path) = 0;

  // Removes the pins under KLPX_POLICY_DIR. False if no policy was pinned.
  virtual absl::StatusOr<bool> Detach() = 0;
};

std::unique_ptr<PolicyAccess> BpfPolicyAccess();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_POLICY_ACCESS_H_
