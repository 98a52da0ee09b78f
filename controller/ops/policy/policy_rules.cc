// SPDX-License-Identifier: GPL-2.0
#include "controller/ops/policy/policy_rules.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "controller/core/base/error.h"
#include "controller/core/policy/deadline.h"
#include "controller/core/policy/policy_file.h"
#include "controller/core/policy/policy_rows.h"

namespace klpx {

absl::StatusOr<std::optional<Policy>> ReadPolicy(Kernel& kernel,
                                                 const std::string& path) {
  if (path.empty() && !kernel.Exists(kPolicyFile)) {
    return std::optional<Policy>();
  }
  const std::string file = path.empty() ? kPolicyFile : path;
  const absl::StatusOr<std::string> text = kernel.ReadFile(file);
  if (!text.ok()) {
    return Error(ErrorKind::kNoSuchPatch,
                 "policy file: ", text.status().message());
  }
  absl::StatusOr<Policy> policy = ParsePolicy(*text, file);
  if (!policy.ok()) return policy.status();
  return std::optional<Policy>(*std::move(policy));
}

absl::StatusOr<std::vector<std::string>> ApplyPolicy(
    Kernel& kernel, PolicyAccess& policy_access, const std::string& path) {
  const absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(kernel, path);
  if (!policy.ok()) return policy.status();
  std::vector<std::string> warnings;
  if (!*policy) return warnings;
  const std::vector<std::string> wanted = CgroupsOf(**policy);
  const CgroupIds cgroups = policy_access.FindCgroups(wanted);
  for (const std::string& cgroup : wanted) {
    if (cgroups.contains(cgroup)) continue;
    warnings.push_back(absl::StrCat(
        "policy: there is no cgroup ", cgroup,
        "; rules that name it match nothing until it exists and the policy is "
        "applied again"));
  }
  const absl::StatusOr<std::vector<klpx_rule>> rows =
      PolicyRows(**policy, cgroups);
  if (!rows.ok()) return rows.status();
  const absl::Status applied = policy_access.Apply(*rows);
  if (!applied.ok()) return applied;
  return warnings;
}

std::string AttachedPolicy(Kernel& kernel) {
  const absl::StatusOr<std::string> name =
      kernel.ReadFile(KLPX_STATS_DIR "/policy");
  return name.ok() ? std::string(absl::StripSuffix(*name, "\n")) : "";
}

absl::StatusOr<std::vector<std::string>> ApplyIfNone(
    Kernel& kernel, PolicyAccess& policy_access, Engine engine) {
  if (!RowOf(engine).pushes_tasks) {
    const absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(kernel, "");
    if (!policy.ok()) return policy.status();
    // There is always one rule: the default.
    if (!*policy || (*policy)->rules.size() <= 1) {
      return std::vector<std::string>();
    }
    return std::vector<std::string>{
        absl::StrCat("the rules of ", kPolicyFile, " do not apply to ",
                     RowOf(engine).name, ", but the deadline does")};
  }
  if (!kernel.Exists(kPolicyFile) || !AttachedPolicy(kernel).empty()) {
    return std::vector<std::string>();
  }
  return ApplyPolicy(kernel, policy_access, kPolicyFile);
}

std::vector<std::string> ApplyIfPossible(Kernel& kernel,
                                         PolicyAccess& policy_access,
                                         Engine engine) {
  absl::StatusOr<std::vector<std::string>> warnings =
      ApplyIfNone(kernel, policy_access, engine);
  if (!warnings.ok()) {
    warnings = std::vector<std::string>{
        absl::StrCat(warnings.status().message(), "\n", kPolicyFile,
                     " cannot be used: every blocking task gets a fake signal ",
                     SignalPaceWords(), ", as without a policy file")};
  }
  return *std::move(warnings);
}

}  // namespace klpx
