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
#include "controller/core/policy/policy_spares.h"
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
  std::vector<std::string> spared;  // "mysqld/412 (databases)"
};

// The rules that exempt tasks from signals: those of the file or, if that has
// mistakes, those that were loaded into the kernel before it had any.
struct Sparing {
  std::optional<Policy> policy;
  std::vector<klpx_rule> rows;
  std::string mistake;  // "" if the file can be used

  bool Any() const {
    return policy ? SparesAnyone(*policy) : RowsSpareAnyone(rows);
  }
};

Sparing ReadSparing(Kernel& kernel, PolicyAccess& policy_access,
                    const SignalOptions& options) {
  Sparing sparing;
  if (options.task) return sparing;
  absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(kernel, "");
  if (policy.ok()) {
    sparing.policy = *std::move(policy);
    return sparing;
  }
  const absl::StatusOr<std::vector<klpx_rule>> rows = policy_access.ReadRows();
  sparing.rows = rows.value_or(std::vector<klpx_rule>());
  sparing.mistake = absl::StrCat(
      kPolicyFile, " cannot be used ('klp-controller policy check' says why), ",
      !rows.ok() ? absl::StrCat("and the rules in the kernel cannot be read (",
                                rows.status().message(), "): no task is exempt")
      : sparing.rows.empty()
          ? "and no rules are in the kernel: no task is exempt"
          : "so the rules that are in the kernel apply");
  return sparing;
}

// The rule that exempts a task: its name, or "a rule in the kernel"; nothing if
// the task is not exempt.
std::optional<std::string> SparedBy(Kernel& kernel, PolicyAccess& policy_access,
                                    const Sparing& sparing,
                                    const Blocker& blocker) {
  const uint32_t uid = RealUidOf(kernel, blocker.info.key);
  if (sparing.policy) {
    const PolicyRule* rule =
        SparingRule(*sparing.policy, {blocker.info, uid, blocker.cgroup});
    if (rule == nullptr) return std::nullopt;
    return rule->name;
  }
  if (!IsSparedByRows(sparing.rows, blocker.info, uid,
                      CgroupIdsOf(policy_access, blocker.cgroup))) {
    return std::nullopt;
  }
  return "a rule in the kernel";
}

Split SplitBy(Kernel& kernel, PolicyAccess& policy_access,
              const Sparing& sparing, std::vector<Blocker> blockers) {
  Split split;
  for (Blocker& blocker : blockers) {
    const std::optional<std::string> rule =
        SparedBy(kernel, policy_access, sparing, blocker);
    if (!rule) {
      split.signalled.push_back(std::move(blocker));
      continue;
    }
    split.spared.push_back(
        absl::StrCat(Printable(blocker.info.comm), "/", blocker.info.key.tid,
                     rule->empty() ? "" : absl::StrCat(" (", *rule, ")")));
  }
  return split;
}

std::string SparedWords(std::vector<std::string> spared) {
  const size_t more = spared.size() - std::min(spared.size(), kMostNames);
  spared.resize(spared.size() - more);
  return absl::StrCat("the policy exempts ", absl::StrJoin(spared, ", "),
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
            const std::string& whom, std::vector<Blocker> affected,
            std::vector<std::string> warnings) {
  for (const std::string& warning : warnings) Warn(console, warning);
  ActionReport report;
  report.verb = "signal";
  report.patch = patch;
  report.result = "sent";
  report.message = absl::StrCat(patch, ": fake signal sent to ", whom,
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
  const Sparing sparing =
      ReadSparing(context.kernel, context.machine.policy, options);
  const bool sorts = sparing.Any();
  absl::StatusOr<std::optional<PushTarget>> target =
      FindPushTarget(context.kernel, context.machine.observer, context.console,
                     {"signal", options.patch, options.task,
                      sorts ? Names::kAttach : Names::kIfNeeded});
  if (!target.ok()) return target.status();
  if (!*target) return 0;
  const PatchState patch = (*target)->patch;
  std::vector<std::string> warnings;
  if (!sparing.mistake.empty()) warnings.push_back(sparing.mistake);
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
    split = SplitBy(context.kernel, context.machine.policy, sparing,
                    std::move((*target)->blockers));
  } else {
    split.signalled = std::move((*target)->blockers);
  }
  const bool spares = !split.spared.empty();
  const std::string whom = options.task ? absl::StrCat("task ", *options.task)
                           : spares     ? Count(split.signalled.size(), "task")
                                        : "every task that blocks";
  RecordStart(context.recorder, patch.name);
  const absl::Status pushed =
      each ? SignalEach(context.kernel, patch, split.signalled)
           : Push(context.kernel, patch, "signal", options.task);
  if (!pushed.ok()) return pushed;
  RecordEvent(context.recorder, "signal", absl::StrCat("to ", whom));
  if (spares) warnings.push_back(SparedWords(std::move(split.spared)));
  if (!options.task) WarnOfBeyond(patch.name, split.signalled, warnings);
  Report(context.kernel, context.console, patch.name, whom,
         std::move(split.signalled), std::move(warnings));
  return 0;
}

}  // namespace klpx
