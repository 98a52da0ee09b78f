// SPDX-License-Identifier: GPL-2.0
// What a build without BPF has in place of policies.
#include "controller/core/error.h"
#include "controller/sys/policy_access.h"

namespace klpx {
namespace {

class NoPolicy final : public PolicyAccess {
 public:
  CgroupIds FindCgroups(const std::vector<std::string>&) override { return {}; }
  absl::Status Apply(const std::vector<klpx_rule>&) override { return No(); }
  absl::StatusOr<std::vector<klpx_rule>> ReadRows() override {
    return std::vector<klpx_rule>();
  }
  absl::Status AttachObject(const std::string&) override { return No(); }
  absl::StatusOr<bool> Detach() override { return false; }

 private:
  static absl::Status No() {
    return Error(ErrorKind::kBpfRefused,
                 "this klp-controller was built without BPF");
  }
};

}  // namespace

std::unique_ptr<PolicyAccess> BpfPolicyAccess() {
  return std::make_unique<NoPolicy>();
}

}  // namespace klpx
