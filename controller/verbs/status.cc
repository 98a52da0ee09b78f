// SPDX-License-Identifier: GPL-2.0
// status: shows patches in detail, and why a transition has not ended.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/core/base/abi.h"
#include "controller/ops/health/status_notes.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/kernel/adoption.h"
#include "controller/ops/kernel/blockers.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/ops/transition/actors.h"
#include "controller/sys/bpf/function_places.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/reports.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// Any user may read the state of patches, only root that of tasks.
void AskObserver(Kernel& kernel, ObserverAccess& observer,
                 const std::vector<PatchState>& moving, StatusReport& report) {
  if (!kernel.IsRoot()) {
    report.observer_error = "needs root";
    return;
  }
  auto source = observer.Attach();
  if (!source.ok()) {
    report.observer_error = std::string(source.status().message());
    return;
  }
  absl::StatusOr<std::vector<Blocker>> blockers =
      ReadBlockersOf(**source, moving);
  const absl::StatusOr<LossCounters> losses = (*source)->ReadCounters();
  if (!blockers.ok() || !losses.ok()) {
    report.observer_error = std::string(
        (blockers.ok() ? losses.status() : blockers.status()).message());
    return;
  }
  report.blockers = *std::move(blockers);
  report.losses = *losses;
}

}  // namespace

absl::StatusOr<StatusReport> ReadStatus(Context& context,
                                        const std::string& patch) {
  StatusReport report;
  report.engine_abi = EngineAbi(context.kernel);
  report.kernel_engine = HasEngine(context.kernel, Engine::kKernel);
  report.adopts = Adopts(context.kernel);
  std::vector<PatchState> all = ReadPatches(context.kernel);
  FunctionPlacesReader reader;
  RelateByAddress(context.kernel, reader, all);
  if (!patch.empty()) {
    const absl::StatusOr<PatchState> one = ResolvePatch(context.kernel, patch);
    if (!one.ok()) return one.status();
    std::erase_if(
        all, [&](const PatchState& other) { return other.name != one->name; });
  }
  report.patches = std::move(all);
  MarkForced(context.recorder, report.patches);
  // Taken from the same reading, so that both lists agree.
  std::vector<PatchState> moving;
  for (const PatchState& one : report.patches) {
    if (one.transition) moving.push_back(one);
  }
  report.daemon = DaemonRuns(context.boot.run_dir);
  report.next = NextActs(
      context.kernel, moving,
      ReadActors(context.kernel, context.ownership, context.boot.run_dir));
  // Without a transition only the loss counters matter, and those are not worth
  // attaching an observer.
  if (!moving.empty() || context.kernel.Exists(KLPX_PIN_TASK_STATE)) {
    AskObserver(context.kernel, context.machine.observer, moving, report);
  }
  for (PatchState& one : report.patches) {
    if (report.losses) CountPending(BlockersOf(report.blockers, one), one);
  }
  report.notes = StatusNotes(context.kernel, context.console, context.recorder,
                             context.boot);
  report.host = context.kernel.ReadHost();
  return report;
}

absl::StatusOr<int> RunStatus(Context& context, const std::string& patch) {
  const absl::StatusOr<StatusReport> report = ReadStatus(context, patch);
  if (!report.ok()) return report.status();
  context.console.out << (context.console.style.json ? StatusJson(*report)
                                                     : StatusText(*report));
  return 0;
}

}  // namespace klpx
