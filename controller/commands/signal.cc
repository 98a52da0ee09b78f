// SPDX-License-Identifier: GPL-2.0
// signal: wakes blocking user tasks, so that they leave the kernel. Those that
// the policy file has never signalled are spared, unless one is named.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "controller/commands/commands.h"
#include "controller/commands/policy_rules.h"
#include "controller/commands/push.h"
#include "controller/commands/record.h"
#include "controller/core/error.h"
#include "controller/core/policy_spares.h"
#include "controller/core/text.h"
#include "controller/sys/pid_namespace.h"

namespace klpx {
namespace {

// Of the spared, in one message.
constexpr size_t kMostNames = 8;

// Who blocks, in two parts.
struct Split {
  std::vector<Blocker> signalled;
  std::vector<std::string> spared;  // "mysqld/412 (databases)"
};

// The real uid of a task, as the rules in the kernel see it; 0 if it is gone.
uint32_t UidOf(Kernel& kernel, const klpx_task_key& key) {
  const auto text = kernel.ReadFile(absl::StrCat("/proc/", key.tid, "/status"));
  if (!text.ok() || !IsThatTask(kernel, key)) return 0;
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, absl::ByAnyChar("\t "), absl::SkipEmpty());
    uint32_t uid = 0;
    if (words.size() > 1 && words[0] == "Uid:" &&
        absl::SimpleAtoi(words[1], &uid)) {
      return uid;
    }
  }
  return 0;
}

Split SplitBy(Context& context, const Policy& policy,
              std::vector<Blocker> blockers) {
  Split split;
  for (Blocker& blocker : blockers) {
    const uint32_t tid = blocker.info.key.tid;
    const PolicyRule* rule = SparingRule(
        policy, {blocker.info, UidOf(context.kernel, blocker.info.key),
                 blocker.cgroup});
    if (rule == nullptr) {
      split.signalled.push_back(std::move(blocker));
      continue;
    }
    split.spared.push_back(absl::StrCat(
        Printable(blocker.info.comm), "/", tid,
        rule->name.empty() ? "" : absl::StrCat(" (", rule->name, ")")));
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

// The policy whose rules spare somebody; nothing if none does.
absl::StatusOr<std::optional<Policy>> SparingPolicy(
    Context& context, const SignalOptions& options) {
  if (options.task) return std::optional<Policy>();
  absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(context, "");
  if (!policy.ok()) {
    return Annotate(policy.status(),
                    "signal refused: whom the policy spares is not known");
  }
  if (!*policy || !SparesAnyone(**policy)) return std::optional<Policy>();
  return policy;
}

}  // namespace

absl::StatusOr<int> RunSignal(Context& context, const SignalOptions& options) {
  const absl::StatusOr<std::optional<Policy>> policy =
      SparingPolicy(context, options);
  if (!policy.ok()) return policy.status();
  absl::StatusOr<std::optional<PushTarget>> target =
      FindPushTarget(context, "signal", options.patch, options.task,
                     *policy ? Names::kAttach : Names::kIfNeeded);
  if (!target.ok()) return target.status();
  if (!*target) return 0;
  const PatchState patch = (*target)->patch;
  // The engine is not asked to signal all of them.
  const bool each =
      !options.task && (*policy || !RowOf(patch.engine).pushes_tasks);
  if (each && !(*target)->blockers_unknown.empty()) {
    return Error(
        ErrorKind::kRefused, "'", patch.name, "': signal refused: ",
        *policy ? "the policy spares some tasks" : "it is for each task",
        ", and who blocks is not known: ", (*target)->blockers_unknown,
        "; --task TID signals one that you know");
  }
  Split split;
  if (*policy) {
    split = SplitBy(context, **policy, std::move((*target)->blockers));
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
  std::vector<std::string> warnings;
  if (spares) warnings.push_back(SparedWords(std::move(split.spared)));
  Report(context, patch.name, whom, std::move(split.signalled),
         std::move(warnings));
  return 0;
}

}  // namespace klpx
