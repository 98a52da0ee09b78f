// SPDX-License-Identifier: GPL-2.0
// blocking: shows the tasks that hold up the transition, once or until it has
// ended.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/core/base/error.h"
#include "controller/core/base/printable_stream.h"
#include "controller/ops/kernel/blockers.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/reports.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr absl::string_view kClearScreen = "\033[H\033[J";

bool IsWanted(const Blocker& blocker, const BlockingOptions& options) {
  return (!options.pid || blocker.info.pid == *options.pid) &&
         (!options.tid || blocker.info.key.tid == *options.tid);
}

bool IsMoving(const BlockingReport& report, const Blocker& blocker) {
  const std::string patch = blocker.info.patch;
  return (report.patch && report.patch->name == patch) ||
         std::any_of(
             report.others.begin(), report.others.end(),
             [&](const PatchState& other) { return other.name == patch; });
}

absl::StatusOr<BlockingReport> Observe(Kernel& kernel, ObserverAccess& observer,
                                       Console& console,
                                       const BlockingOptions& options,
                                       const std::vector<PatchState>& moving) {
  auto source = observer.Attach();
  if (!source.ok()) return source.status();
  for (const PatchState& patch : moving) FillIfEmpty(kernel, **source, patch);
  absl::StatusOr<std::vector<Blocker>> blockers =
      ReadBlockersOf(**source, moving);
  if (!blockers.ok()) return blockers.status();
  BlockingReport report;
  report.verbose = console.style.verbose;
  report.all = options.all || options.pid || options.tid;
  for (const PatchState& patch : moving) {
    PatchState now = ReadPatch(kernel, patch.name).value_or(patch);
    // The transition has ended since: the tasks seen before no longer block.
    if (!now.transition) continue;
    CountPending(BlockersOf(*blockers, now), now);
    if (report.patch) {
      report.others.push_back(std::move(now));
    } else {
      report.patch = std::move(now);
    }
  }
  const absl::StatusOr<LossCounters> losses = (*source)->ReadCounters();
  if (losses.ok()) report.losses = *losses;
  for (Blocker& blocker : *blockers) {
    if (!IsWanted(blocker, options) || !IsMoving(report, blocker)) continue;
    // The stack may show what makes it unreliable. A task that has exited since
    // has no stack; that is no error.
    if (report.verbose || console.style.json ||
        blocker.info.reason == KLPX_UNRELIABLE_STACK) {
      blocker.stack = (*source)
                          ->ReadStack(blocker.info.key)
                          .value_or(std::vector<std::string>());
    }
    report.blockers.push_back(std::move(blocker));
  }
  AddProcFacts(kernel, report.blockers);
  report.host = kernel.ReadHost();
  return report;
}

// The patch that the user named, or all that are in transition; empty if there
// is none.
absl::StatusOr<std::vector<PatchState>> FindPatches(
    Kernel& kernel, const BlockingOptions& options) {
  if (options.patch.empty()) return FindTransitions(kernel);
  absl::StatusOr<PatchState> patch = ResolveInTransition(kernel, options.patch);
  if (patch.ok()) return std::vector<PatchState>{*std::move(patch)};
  if (KindOf(patch.status()) == ErrorKind::kNoTransition) {
    return std::vector<PatchState>();
  }
  return patch.status();
}

BlockingReport Nothing(Kernel& kernel) {
  BlockingReport nothing;
  nothing.host = kernel.ReadHost();
  return nothing;
}

void Show(Console& console, const BlockingOptions& options,
          const BlockingReport& report) {
  if (console.style.json) {
    console.out << BlockingJson(report, /*one_line=*/options.watch);
  } else {
    if (options.watch && console.style.out_is_terminal) {
      Raw(console.out, kClearScreen);
    }
    console.out << BlockingText(report);
    if (options.watch && !console.style.out_is_terminal) console.out << "\n";
  }
  console.out << std::flush;
}

}  // namespace

absl::StatusOr<BlockingReport> ReadBlocking(Context& context,
                                            const BlockingOptions& options) {
  const absl::Status root = RequireRoot(context.kernel, "blocking");
  if (!root.ok()) return root;
  const absl::StatusOr<std::vector<PatchState>> moving =
      FindPatches(context.kernel, options);
  if (!moving.ok()) return moving.status();
  if (moving->empty()) return Nothing(context.kernel);
  absl::StatusOr<BlockingReport> report =
      Observe(context.kernel, context.machine.observer, context.console,
              options, *moving);
  if (!report.ok()) return Annotate(report.status(), "blocking");
  return report;
}

absl::StatusOr<int> RunBlocking(Context& context,
                                const BlockingOptions& options) {
  for (bool seen = false;; seen = true) {
    absl::StatusOr<BlockingReport> report = ReadBlocking(context, options);
    // The patch may be gone once its transition has ended.
    const bool gone = KindOf(report.status()) == ErrorKind::kNoSuchPatch;
    if (seen && gone) report = Nothing(context.kernel);
    if (!report.ok()) return report.status();
    Show(context.console, options, *report);
    // Nothing is in transition, or not any more: the watch ends.
    if (!report->patch) return 0;
    // Output fails when the disk is full or the reader has gone; main() reports
    // that.
    if (!options.watch || !context.console.out) return 0;
    context.kernel.Sleep(options.delay);
    if (context.kernel.Interrupted()) return 0;
  }
}

}  // namespace klpx
