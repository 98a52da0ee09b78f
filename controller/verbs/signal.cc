// SPDX-License-Identifier: GPL-2.0
// signal: wakes blocking user tasks, so that they leave the kernel. Those that
// the policy file has never signalled are spared, unless one is named.
#include <algorithm>
#include <optional>
#include <utility>

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

// Of the spared, in one message.
constexpr size_t kMostNames = 8;

// Who blocks, in two parts.
struct Split {
  std::vector<Blocker> signalled;
  std::vector<std::string> spared;  // "mysqld/412 (databases)"
};

// Which rules say who is never signalled: those of the file or, where that has
// mistakes, those that were brought into the kernel when it had none.
struct Sparing {
  std::optional<Policy> policy;
  std::vector<klpx_rule> rows;
  std::string mistake;  // "" if the file can be used

  bool Any() const {
    return policy ? SparesAnyone(*policy) : RowsSpareAnyone(rows);
  }
};

Sparing ReadSparing(Context& context, const SignalOptions& options) {
  Sparing sparing;
  if (options.task) return sparing;
  absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(context, "");
  if (policy.ok()) {
    sparing.policy = *std::move(policy);
    return sparing;
  }
  const absl::StatusOr<std::vector<klpx_rule>> rows =
      context.policy->ReadRows();
  sparing.rows = rows.value_or(std::vector<klpx_rule>());
  sparing.mistake = absl::StrCat(
      kPolicyFile, " cannot be used ('klp-controller policy check' says why), ",
      !rows.ok() ? absl::StrCat("nor the rules in the kernel (",
                                rows.status().message(), "): no task is spared")
      : sparing.rows.empty()
          ? "and no rules are in the kernel: no task is spared"
          : "so the rules count that are in the kernel");
  return sparing;
}

// What spares a task: the name of its rule, "a rule in the kernel", or nothing.
std::optional<std::string> SparedBy(Context& context, const Sparing& sparing,
                                    const Blocker& blocker) {
  const uint32_t uid = RealUidOf(context.kernel, blocker.info.key);
  if (sparing.policy) {
    const PolicyRule* rule =
        SparingRule(*sparing.policy, {blocker.info, uid, blocker.cgroup});
    if (rule == nullptr) return std::nullopt;
    return rule->name;
  }
  if (!IsSparedByRows(sparing.rows, blocker.info, uid,
                      CgroupIdsOf(context, blocker.cgroup))) {
    return std::nullopt;
  }
  return "a rule in the kernel";
}

Split SplitBy(Context& context, const Sparing& sparing,
              std::vector<Blocker> blockers) {
  Split split;
  for (Blocker& blocker : blockers) {
    const std::optional<std::string> rule = SparedBy(context, sparing, blocker);
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
  return absl::StrCat("the policy spares ", absl::StrJoin(spared, ", "),
                      more > 0 ? absl::StrCat(" and ", more, " more") : "",
                      "; --task TID signals one all the same");
}

// One by one. One that has been switched since is no error.
absl::Status SignalEach(Context& context, const PatchState& patch,
                        const std::vector<Blocker>& blockers) {
  KickIdle(context, patch, blockers);
  for (const Blocker& blocker : blockers) {
    // Idle tasks take no signals.
    if (blocker.info.key.tid == 0) continue;
    const absl::Status pushed =
        Push(context, patch, "signal", blocker.info.key.tid);
    if (!pushed.ok() && KindOf(pushed) != ErrorKind::kNoTransition) {
      return pushed;
    }
  }
  return absl::OkStatus();
}

void Report(Context& context, const std::string& patch, const std::string& whom,
            std::vector<Blocker> affected, std::vector<std::string> warnings) {
  for (const std::string& warning : warnings) Warn(context, warning);
  ActionReport report;
  report.verb = "signal";
  report.patch = patch;
  report.result = "sent";
  report.message =
      absl::StrCat(patch, ": fake signal sent to ", whom,
                   "; 'klp-controller blocking ", patch, "' shows who is left");
  report.affected = std::move(affected);
  report.warnings = std::move(warnings);
  Print(context, report);
}

}  // namespace

absl::StatusOr<int> RunSignal(Context& context, const SignalOptions& options) {
  const Sparing sparing = ReadSparing(context, options);
  const bool sorts = sparing.Any();
  absl::StatusOr<std::optional<PushTarget>> target =
      FindPushTarget(context, "signal", options.patch, options.task,
                     sorts ? Names::kAttach : Names::kIfNeeded);
  if (!target.ok()) return target.status();
  if (!*target) return 0;
  const PatchState patch = (*target)->patch;
  std::vector<std::string> warnings;
  if (!sparing.mistake.empty()) warnings.push_back(sparing.mistake);
  // The engine is not asked to signal all of them.
  const bool each =
      !options.task && (sorts || !RowOf(patch.engine).pushes_tasks);
  if (each && !(*target)->blockers_unknown.empty()) {
    return Error(ErrorKind::kRefused, "'", patch.name, "': signal refused: ",
                 sorts ? "the policy spares some tasks" : "it is for each task",
                 ", and who blocks is not known: ", (*target)->blockers_unknown,
                 "; --task TID signals one that you know");
  }
  Split split;
  if (sorts) {
    split = SplitBy(context, sparing, std::move((*target)->blockers));
  } else {
    split.signalled = std::move((*target)->blockers);
  }
  const bool spares = !split.spared.empty();
  const std::string whom = options.task ? absl::StrCat("task ", *options.task)
                           : spares     ? Count(split.signalled.size(), "task")
                                        : "every task that blocks";
  RecordStart(context, patch.name);
  const absl::Status pushed =
      each ? SignalEach(context, patch, split.signalled)
           : Push(context, patch, "signal", options.task);
  if (!pushed.ok()) return pushed;
  RecordEvent(context, "signal", absl::StrCat("to ", whom));
  if (spares) warnings.push_back(SparedWords(std::move(split.spared)));
  const std::string beyond = BeyondSignalsWords(split.signalled);
  if (!options.task && !beyond.empty()) {
    warnings.push_back(
        absl::StrCat("no signal moves ", beyond, "; 'klp-controller blocking ",
                     patch.name, "' says what does, 'klp-controller reverse ",
                     patch.name, "' ends the wait"));
  }
  Report(context, patch.name, whom, std::move(split.signalled),
         std::move(warnings));
  return 0;
}

}  // namespace klpx
