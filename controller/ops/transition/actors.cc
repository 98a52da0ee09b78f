// SPDX-License-Identifier: GPL-2.0
// Which processes may act on the transitions of this machine, and what they
// will do.
#include "controller/ops/transition/actors.h"

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/history/transition_changes.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/ops/transition/ownership.h"

namespace klpx {
namespace {

constexpr char kDaemonLock[] = "/daemon.lock";  // as in kDaemonFile

std::optional<RecentTransition> RunningNow(Context& context) {
  const auto text = context.kernel.ReadFile(KLPX_STATS_DIR "/recent");
  const std::vector<RecentTransition> recent = ParseRecent(text.value_or(""));
  const RecentTransition* running = RunningOf(recent);
  if (running == nullptr) return std::nullopt;
  return *running;
}

}  // namespace

std::optional<bool> DaemonRuns(const Context& context) {
  if (context.run_dir.empty()) return std::nullopt;
  return IsLockHeld(absl::StrCat(context.run_dir, kDaemonLock));
}

Actors ReadActors(Context& context) {
  Actors actors;
  actors.daemon = DaemonRuns(context).value_or(false);
  if (!context.owner_file.empty() && !Owns(context) &&
      IsLockHeld(context.owner_file).value_or(false)) {
    actors.owner = LockHolder(context.owner_file);
    actors.plan = ParsePlan(LockPlan(context.owner_file));
  }
  const absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(context, "");
  if (policy.ok() && *policy) actors.deadline = (*policy)->deadline;
  return actors;
}

std::map<std::string, std::string> NextActs(
    Context& context, const std::vector<PatchState>& patches,
    const Actors& actors) {
  std::map<std::string, std::string> acts;
  std::optional<RecentTransition> running;
  for (const PatchState& patch : patches) {
    if (!patch.transition) continue;
    if (!running) running = RunningNow(context);
    const bool known = running && running->patch == patch.name;
    acts[patch.name] = NextAct(patch, known ? running : std::nullopt, actors,
                               context.kernel.Monotonic());
  }
  return acts;
}

}  // namespace klpx
