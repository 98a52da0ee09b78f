// SPDX-License-Identifier: GPL-2.0
#include "controller/commands/policy_rules.h"

#include "absl/strings/str_cat.h"
#include "controller/core/error.h"
#include "controller/core/policy_file.h"
#include "controller/core/policy_rows.h"

namespace klpx {

absl::StatusOr<std::optional<Policy>> ReadPolicy(Context& context,
                                                 const std::string& path) {
  if (path.empty() && !context.kernel.Exists(kPolicyFile)) {
    return std::optional<Policy>();
  }
  const std::string file = path.empty() ? kPolicyFile : path;
  const absl::StatusOr<std::string> text = context.kernel.ReadFile(file);
  if (!text.ok()) {
    return Error(ErrorKind::kNoSuchPatch,
                 "policy file: ", text.status().message());
  }
  absl::StatusOr<Policy> policy = ParsePolicy(*text, file);
  if (!policy.ok()) return policy.status();
  return std::optional<Policy>(*std::move(policy));
}

absl::StatusOr<std::vector<std::string>> ApplyPolicy(Context& context,
                                                     const std::string& path) {
  const absl::StatusOr<std::optional<Policy>> policy =
      ReadPolicy(context, path);
  if (!policy.ok()) return policy.status();
  std::vector<std::string> warnings;
  if (!*policy) return warnings;
  const std::vector<std::string> wanted = CgroupsOf(**policy);
  const CgroupIds cgroups = context.policy->FindCgroups(wanted);
  for (const std::string& cgroup : wanted) {
    if (cgroups.contains(cgroup)) continue;
    warnings.push_back(absl::StrCat(
        "policy: there is no cgroup ", cgroup,
        " now; rules that name it match once they are applied again"));
  }
  const absl::StatusOr<std::vector<klpx_rule>> rows =
      PolicyRows(**policy, cgroups);
  if (!rows.ok()) return rows.status();
  const absl::Status applied = context.policy->Apply(*rows);
  if (!applied.ok()) return applied;
  return warnings;
}

}  // namespace klpx
