// SPDX-License-Identifier: GPL-2.0
// What signal and force share.
#include "controller/ops/transition/push.h"

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/blockers.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

// The most tasks whose stacks are read.
constexpr size_t kMostStacks = 256;

// Reads the blocking tasks that the request is for. Returns why they are not
// known, or "".
std::string ReadPushed(Kernel& kernel, ObserverAccess& observer,
                       const PushRequest& request, PushTarget& target) {
  auto source = observer.Attach();
  absl::StatusOr<std::vector<Blocker>> blockers =
      source.ok() ? ReadBlockers(**source, target.patch.name)
                  : absl::StatusOr<std::vector<Blocker>>(source.status());
  if (!blockers.ok()) return std::string(blockers.status().message());
  const bool with_stacks = request.names == Names::kAttach;
  CountPending(*blockers, target.patch);
  for (Blocker& blocker : *blockers) {
    if (request.task && blocker.info.key.tid != *request.task) continue;
    if (with_stacks && target.blockers.size() < kMostStacks) {
      blocker.stack = (*source)
                          ->ReadStack(blocker.info.key)
                          .value_or(std::vector<std::string>());
    }
    target.blockers.push_back(std::move(blocker));
  }
  AddProcFacts(kernel, target.blockers);
  return "";
}

// Can the engine do that? The engines differ.
absl::Status CheckPush(const PatchState& patch, absl::string_view verb,
                       std::optional<uint32_t> task) {
  const EngineRow& engine = RowOf(patch.engine);
  if (engine.pushes_tasks) return absl::OkStatus();
  const std::string prefix =
      absl::StrCat("'", patch.name, "': ", verb, " refused: ", engine.name);
  if (verb == "signal") {
    if (patch.takes_signals) return absl::OkStatus();
    return Error(ErrorKind::kRefused, prefix,
                 " cannot be told to signal; it signals every task that "
                 "blocks by itself, ",
                 SignalPaceWords(),
                 "; wait, reverse it, or load klpx.ko ('modprobe klpx'), "
                 "which can signal its tasks");
  }
  if (!task) return absl::OkStatus();
  return Error(ErrorKind::kRefused, prefix,
               " forces all tasks that are left or none; leave --task out, "
               "wait, or reverse it");
}

// A signal for a task of the kernel's own engine is sent by klpx.ko.
absl::Status WritePush(Kernel& kernel, const PatchState& patch,
                       absl::string_view attribute,
                       std::optional<uint32_t> task) {
  const bool nudges =
      attribute == "signal" && !RowOf(patch.engine).pushes_tasks;
  if (nudges && task) {
    return kernel.WriteFile(KLPX_SIGNAL_TASK, absl::StrCat(*task));
  }
  return task ? WriteAttribute(kernel, patch.name,
                               absl::StrCat(attribute, "_task"),
                               absl::StrCat(*task))
              : WriteAttribute(kernel, patch.name, attribute, "1");
}

}  // namespace

void KickIdle(Kernel& kernel, const PatchState& patch,
              const std::vector<Blocker>& blockers) {
  if (RowOf(patch.engine).pushes_tasks || !patch.takes_signals) return;
  for (const Blocker& blocker : blockers) {
    if (blocker.info.key.idle_cpu < 0) continue;
    // Not an error if the idle task was switched meanwhile, or is switched
    // late.
    kernel.WriteFile(KLPX_KICK_CPU, absl::StrCat(blocker.info.key.idle_cpu))
        .IgnoreError();
  }
}

absl::StatusOr<std::optional<PushTarget>> FindPushTarget(
    Kernel& kernel, ObserverAccess& observer, Console& console,
    const PushRequest& request) {
  const absl::Status root = RequireRoot(kernel, request.verb);
  if (!root.ok()) return root;
  // Without a name: the one that is in transition.
  absl::StatusOr<PatchState> patch =
      request.patch.empty() ? ResolveInTransition(kernel, request.patch)
                            : ResolvePatch(kernel, request.patch);
  if (!patch.ok()) return patch.status();
  if (!patch->transition) {
    ActionReport report;
    report.verb = std::string(request.verb);
    report.patch = patch->name;
    report.result = "unchanged";
    report.message = absl::StrCat(patch->name, ": not in transition, nothing ",
                                  "to ", request.verb);
    Print(console, kernel, report);
    return std::optional<PushTarget>();
  }
  PushTarget target;
  target.patch = *std::move(patch);
  const absl::Status possible =
      CheckPush(target.patch, request.verb, request.task);
  if (!possible.ok()) return possible;
  const bool needed = !RowOf(target.patch.engine).pushes_tasks;
  const bool attach = request.names == Names::kAttach;
  if (attach || needed || kernel.Exists(KLPX_PIN_TASK_STATE)) {
    target.blockers_unknown = ReadPushed(kernel, observer, request, target);
  }
  return std::optional<PushTarget>(std::move(target));
}

absl::Status Push(Kernel& kernel, const PatchState& patch,
                  absl::string_view attribute, std::optional<uint32_t> task) {
  const absl::Status written = WritePush(kernel, patch, attribute, task);
  if (written.ok()) return written;
  const std::string prefix =
      absl::StrCat("'", patch.name, "': ", attribute, " refused");
  const int error_number = ErrnoOf(written);
  if (task && error_number == ESRCH) {
    return Error(ErrorKind::kNoTransition, prefix, ": task ", *task,
                 " is not waiting to be switched");
  }
  if (error_number == EINVAL || error_number == ENOENT) {
    return Error(ErrorKind::kNoTransition, prefix,
                 ": the transition has ended");
  }
  return Annotate(written, prefix);
}

absl::Status ForceBlockers(Kernel& kernel, Recorder& recorder,
                           const PushTarget& target,
                           std::optional<uint32_t> task) {
  const PatchState& patch = target.patch;
  RecordStart(recorder, patch.name);
  RecordForces(recorder, target.blockers, patch.enabled);
  const absl::Status pushed = Push(kernel, patch, "force", task);
  // If the transition was reversed between the reading and the force, it is not
  // known which came first.
  const std::optional<PatchState> after = ReadPatch(kernel, patch.name);
  std::optional<bool> into = patch.enabled;
  if (after && after->enabled != patch.enabled) into = std::nullopt;
  RecordForced(recorder, target.blockers,
               absl::StrCat(task ? absl::StrCat("task ", *task)
                                 : Count(patch.pending.value_or(0), "task"),
                            !into   ? ""
                            : *into ? " into the patch"
                                    : " out of the patch"),
               into, pushed.ok());
  return pushed;
}

}  // namespace klpx
