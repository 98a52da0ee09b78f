// SPDX-License-Identifier: GPL-2.0
// force: ends a transition without the checks that make it safe. First says
// what that costs and which tasks it hits, and requires --i-understand.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/ops/history/record.h"
#include "controller/ops/transition/push.h"
#include "controller/ops/transition/wait.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// A forced transition waits for nothing but the engine itself.
constexpr absl::Duration kForcedTimeout = absl::Seconds(30);

constexpr absl::string_view kCost =
    "Forcing switches tasks without checking what they run. A task in the\n"
    "old code stays there while others run the new code; it can corrupt data\n"
    "or crash the machine.\n";

// The modules that tasks are forced out of. A forced task may still run their
// code, so they cannot be removed; the module that tasks are forced into can.
std::vector<std::string> PinnedModules(const PatchState& patch) {
  return patch.enabled ? patch.replaces : std::vector<std::string>{patch.name};
}

// "module X cannot be removed before the next reboot"; "" if none is pinned.
std::string PinnedWords(const PatchState& patch) {
  const std::vector<std::string> modules = PinnedModules(patch);
  if (modules.empty()) return "";
  return absl::StrCat(modules.size() == 1 ? "module " : "modules ",
                      absl::StrJoin(modules, ", "), " cannot be removed ",
                      "before the next reboot");
}

// The state of the patch after the force: the forced task may have been the
// last one.
std::string StandsWords(Kernel& kernel, const std::string& name) {
  const std::optional<PatchState> now = ReadPatch(kernel, name);
  if (!now || !now->transition) {
    return absl::StrCat("the patch is ", now ? StateWord(*now) : "disabled",
                        " now");
  }
  return absl::StrCat(
      "it is still ", StateWord(*now),
      now->pending ? absl::StrCat(", ", Count(*now->pending, "task"), " left")
                   : "");
}

void Explain(Console& console, const PushTarget& target,
             const ForceOptions& options) {
  if (console.style.json) return;
  console.err << kCost;
  const std::string pinned = PinnedWords(target.patch);
  if (!pinned.empty()) console.err << "Afterwards " << pinned << ".\n";
  const uint64_t pending = target.patch.pending.value_or(0);
  const absl::string_view verb = options.understood ? "will be" : "would be";
  console.err << (options.task ? absl::StrCat("Task ", *options.task)
                               : absl::StrCat(Count(pending, "task"),
                                              pending == 1 ? " has" : " have",
                                              " not switched and"))
              << " " << verb << " forced:\n";
  Table table({"TID", "PID", "COMM", "STATE", "REASON", "FUNCTION", "CPU"});
  for (const Blocker& blocker : target.blockers) {
    const klpx_task_info& info = blocker.info;
    table.Add({absl::StrCat(info.key.tid), absl::StrCat(info.pid), info.comm,
               TaskStateLetter(info.task_state),
               std::string(ReasonWord(info.reason)), info.function,
               absl::StrCat(info.cpu)});
  }
  if (!target.blockers.empty()) console.err << table.ToString();
  if (!target.blockers_unknown.empty()) {
    console.err << "(which tasks these are is not known: "
                << target.blockers_unknown << ")\n";
  }
}

}  // namespace

absl::StatusOr<int> RunForce(const Supervisor& supervisor,
                             const ForceOptions& options) {
  absl::StatusOr<std::optional<PushTarget>> target =
      FindPushTarget(supervisor.kernel, supervisor.observer, supervisor.console,
                     {"force", options.patch, options.task, Names::kAttach});
  if (!target.ok()) return target.status();
  if (!*target) return 0;
  const PatchState& patch = (*target)->patch;
  // A task that is not among the blockers: the engine decides whether it can be
  // forced.
  const bool named = !options.task || !(*target)->blockers.empty() ||
                     !(*target)->blockers_unknown.empty();
  if (named) Explain(supervisor.console, **target, options);
  if (!named && !options.understood) {
    return Error(ErrorKind::kNoTransition, "'", patch.name,
                 "': force refused: task ", *options.task,
                 " is not waiting to be switched");
  }
  if (!options.understood) {
    return Error(ErrorKind::kUsage, "'", patch.name,
                 "': force refused: nothing has been forced; add "
                 "--i-understand to accept what it costs");
  }
  const absl::Status pushed = ForceBlockers(
      supervisor.kernel, supervisor.recorder, **target, options.task);
  if (!pushed.ok()) return pushed;
  ActionReport report;
  report.verb = "force";
  report.patch = patch.name;
  report.result = "forced";
  report.tasks = options.task ? 1 : patch.pending;
  report.affected = (*target)->blockers;
  const std::string pinned = PinnedWords(patch);
  if (!options.task) {
    WaitOptions wait;
    wait.timeout = kForcedTimeout;
    const absl::StatusOr<Progress> done =
        WaitForTransition(supervisor, patch.name, patch.enabled, wait);
    if (!done.ok()) return done.status();
  }
  RecordEnd(supervisor.recorder);
  report.message =
      absl::StrCat(patch.name, ": ", Count(report.tasks.value_or(0), "task"),
                   " forced; ", StandsWords(supervisor.kernel, patch.name),
                   pinned.empty() ? "" : "; ", pinned);
  Print(supervisor.console, supervisor.kernel, report);
  return 0;
}

}  // namespace klpx
