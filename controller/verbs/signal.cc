// SPDX-License-Identifier: GPL-2.0
// signal: wakes blocking user tasks, so that they leave the kernel. Tasks that
// the policy file exempts from signals are left out, unless --task names one.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/policy/policy_exempt.h"
#include "controller/core/transition/advice.h"
#include "controller/ops/history/record.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/ops/policy/rule_facts.h"
#include "controller/ops/transition/push.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// The most exempt tasks that one message names.
constexpr size_t kMostNames = 8;

// The blocking tasks, in two groups.
struct Split {
  std::vector<Blocker> signalled;
  std::vector<std::string> exempt;  // "mysqld/412 (databases)"
};

// The rules that exempt tasks from signals: those of the file or, if that has
// mistakes, those that were loaded into the kernel before it had any.
struct Exemptions {
  std::optional<Policy> policy;
  std::vector<klpx_rule> rows;
  std::string mistake;  // "" if the file can be used

  bool Any() const {
    return policy ? ExemptsAnyone(*policy) : RowsExemptAnyone(rows);
  }
};

Exemptions ReadExemptions(Kernel& kernel, PolicyAccess& policy_access,
                          const SignalOptions& options) {
  Exemptions exemptions;
  if (options.task) return exemptions;
  absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(kernel, "");
  if (policy.ok()) {
    exemptions.policy = *std::move(policy);
    return exemptions;
  }
  const absl::StatusOr<std::vector<klpx_rule>> rows = policy_access.ReadRows();
  exemptions.rows = rows.value_or(std::vector<klpx_rule>());
  exemptions.mistake = absl::StrCat(
      kPolicyFile, " cannot be used ('klp-controller policy check' says why), ",
      !rows.ok() ? absl::StrCat("and the rules in the kernel cannot be read (",
                                rows.status().message(), "): no task is exempt")
      : exemptions.rows.empty()
          ? "and no rules are in the kernel: no task is exempt"
          : "so the rules that are in the kernel apply");
  return exemptions;
}

// The rule that exempts a task: its name, or "a rule in the kernel"; nothing if
// the task is not exempt.
std::optional<std::string> ExemptedBy(Kernel& kernel,
                                      PolicyAccess& policy_access,
                                      const Exemptions& exemptions,
                                      const Blocker& blocker) {
  const uint32_t uid = RealUidOf(kernel, blocker.info.key);
  if (exemptions.policy) {
    const PolicyRule* rule =
        ExemptingRule(*exemptions.policy, {blocker.info, uid, blocker.cgroup});
    if (rule == nullptr) return std::nullopt;
    return rule->name;
  }
  if (!IsExemptByRows(exemptions.rows, blocker.info, uid,
                      CgroupIdsOf(policy_access, blocker.cgroup))) {
    return std::nullopt;
  }
  return "a rule in the kernel";
}

Split SplitBy(Kernel& kernel, PolicyAccess& policy_access,
              const Exemptions& exemptions, std::vector<Blocker> blockers) {
  Split split;
  for (Blocker& blocker : blockers) {
    const std::optional<std::string> rule =
        ExemptedBy(kernel, policy_access, exemptions, blocker);
    if (!rule) {
      split.signalled.push_back(std::move(blocker));
      continue;
    }
    split.exempt.push_back(
        absl::StrCat(Printable(blocker.info.comm), "/", blocker.info.key.tid,
                     rule->empty() ? "" : absl::StrCat(" (", *rule, ")")));
  }
  return split;
}

std::string ExemptWords(std::vector<std::string> exempt) {
  const size_t more = exempt.size() - std::min(exempt.size(), kMostNames);
  exempt.resize(exempt.size() - more);
  return absl::StrCat("the policy exempts ", absl::StrJoin(exempt, ", "),
                      more > 0 ? absl::StrCat(" and ", more, " more") : "",
                      "; to signal such a task anyway, use --task TID");
}

// Signals the tasks one by one. A task that has been switched since is no
// error.
absl::Status SignalEach(Kernel& kernel, const PatchState& patch,
                        const std::vector<Blocker>& blockers) {
  KickIdle(kernel, patch, blockers);
  for (const Blocker& blocker : blockers) {
    // Idle tasks take no signals.
    if (blocker.info.key.tid == 0) continue;
    const absl::Status pushed =
        Push(kernel, patch, "signal", blocker.info.key.tid);
    if (!pushed.ok() && KindOf(pushed) != ErrorKind::kNoTransition) {
      return pushed;
    }
  }
  return absl::OkStatus();
}

void Report(Kernel& kernel, Console& console, const std::string& patch,
            const std::string& receivers, std::vector<Blocker> affected,
            std::vector<std::string> warnings) {
  for (const std::string& warning : warnings) Warn(console, warning);
  ActionReport report;
  report.verb = "signal";
  report.patch = patch;
  report.result = "sent";
  report.message = absl::StrCat(patch, ": fake signal sent to ", receivers,
                                "; 'klp-controller blocking ", patch,
                                "' shows which tasks are left");
  report.affected = std::move(affected);
  report.warnings = std::move(warnings);
  Print(console, kernel, report);
}

void WarnOfBeyond(const std::string& patch,
                  const std::vector<Blocker>& signalled,
                  std::vector<std::string>& warnings) {
  const std::string beyond = BeyondSignalsWords(signalled);
  if (beyond.empty()) return;
  warnings.push_back(absl::StrCat(
      "no signal moves ", beyond, "; 'klp-controller blocking ", patch,
      "' says what does, 'klp-controller reverse ", patch, "' ends the wait"));
}

}  // namespace

absl::StatusOr<int> RunSignal(Context& context, const SignalOptions& options) {
  const Exemptions exemptions =
      ReadExemptions(context.kernel, context.machine.policy, options);
  const bool sorts = exemptions.Any();
  absl::StatusOr<std::optional<PushTarget>> target =
      FindPushTarget(context.kernel, context.machine.observer, context.console,
                     {"signal", options.patch, options.task,
                      sorts ? Names::kAttach : Names::kIfNeeded});
  if (!target.ok()) return target.status();
  if (!*target) return 0;
  const PatchState patch = (*target)->patch;
  std::vector<std::string> warnings;
  if (!exemptions.mistake.empty()) warnings.push_back(exemptions.mistake);
  // Signal task by task where some are exempt, or where the engine cannot be
  // asked to signal all of them.
  const bool each =
      !options.task && (sorts || !RowOf(patch.engine).pushes_tasks);
  if (each && !(*target)->blockers_unknown.empty()) {
    return Error(
        ErrorKind::kRefused, "'", patch.name, "': signal refused: ",
        sorts ? "the policy exempts some tasks"
              : "this engine takes signals for single tasks only",
        ", and which tasks block is not known: ", (*target)->blockers_unknown,
        "; to signal one task, use --task TID");
  }
  Split split;
  if (sorts) {
    split = SplitBy(context.kernel, context.machine.policy, exemptions,
                    std::move((*target)->blockers));
  } else {
    split.signalled = std::move((*target)->blockers);
  }
  const bool exempts = !split.exempt.empty();
  const std::string receivers =
      options.task ? absl::StrCat("task ", *options.task)
      : exempts    ? Count(split.signalled.size(), "task")
                   : "every task that blocks";
  RecordStart(context.recorder, patch.name);
  const absl::Status pushed =
      each ? SignalEach(context.kernel, patch, split.signalled)
           : Push(context.kernel, patch, "signal", options.task);
  if (!pushed.ok()) return pushed;
  RecordEvent(context.recorder, "signal", absl::StrCat("to ", receivers));
  if (exempts) warnings.push_back(ExemptWords(std::move(split.exempt)));
  if (!options.task) WarnOfBeyond(patch.name, split.signalled, warnings);
  Report(context.kernel, context.console, patch.name, receivers,
         std::move(split.signalled), std::move(warnings));
  return 0;
}

}  // namespace klpx
