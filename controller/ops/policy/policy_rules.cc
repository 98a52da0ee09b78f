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
        "; rules that name it match nothing until it exists and the policy is "
        "applied again"));
  }
  const absl::StatusOr<std::vector<klpx_rule>> rows =
      PolicyRows(**policy, cgroups);
  if (!rows.ok()) return rows.status();
  const absl::Status applied = context.policy->Apply(*rows);
  if (!applied.ok()) return applied;
  return warnings;
}

std::string AttachedPolicy(Context& context) {
  const absl::StatusOr<std::string> name =
      context.kernel.ReadFile(KLPX_STATS_DIR "/policy");
  return name.ok() ? std::string(absl::StripSuffix(*name, "\n")) : "";
}

absl::StatusOr<std::vector<std::string>> ApplyIfNone(Context& context,
                                                     Engine engine) {
  if (!RowOf(engine).pushes_tasks) {
    const absl::StatusOr<std::optional<Policy>> policy =
        ReadPolicy(context, "");
    if (!policy.ok()) return policy.status();
    // There is always one rule: the default.
    if (!*policy || (*policy)->rules.size() <= 1) {
      return std::vector<std::string>();
    }
    return std::vector<std::string>{
        absl::StrCat("the rules of ", kPolicyFile, " do not apply to ",
                     RowOf(engine).name, ", but the deadline does")};
  }
  if (!context.kernel.Exists(kPolicyFile) || !AttachedPolicy(context).empty()) {
    return std::vector<std::string>();
  }
  return ApplyPolicy(context, kPolicyFile);
}

std::vector<std::string> ApplyIfPossible(Context& context, Engine engine) {
  absl::StatusOr<std::vector<std::string>> warnings =
      ApplyIfNone(context, engine);
  if (!warnings.ok()) {
    warnings = std::vector<std::string>{
        absl::StrCat(warnings.status().message(), "\n", kPolicyFile,
                     " cannot be used: every blocking task gets a fake signal ",
                     SignalPaceWords(), ", as without a policy file")};
  }
  for (const std::string& warning : *warnings) Warn(context, warning);
  return *std::move(warnings);
}

}  // namespace klpx
