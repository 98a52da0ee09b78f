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

std::optional<RecentTransition> RunningNow(Kernel& kernel) {
  const auto text = kernel.ReadFile(KLPX_STATS_DIR "/recent");
  const std::vector<RecentTransition> recent = ParseRecent(text.value_or(""));
  const RecentTransition* running = RunningOf(recent);
  if (running == nullptr) return std::nullopt;
  return *running;
}

}  // namespace

std::optional<bool> DaemonRuns(const std::string& run_dir) {
  if (run_dir.empty()) return std::nullopt;
  return IsLockHeld(absl::StrCat(run_dir, kDaemonLock));
}

Actors ReadActors(Kernel& kernel, const Ownership& ownership,
                  const std::string& run_dir) {
  Actors actors;
  actors.daemon = DaemonRuns(run_dir).value_or(false);
  if (!ownership.file.empty() && !Owns(ownership) &&
      IsLockHeld(ownership.file).value_or(false)) {
    actors.owner = LockHolder(ownership.file);
    actors.plan = ParsePlan(LockPlan(ownership.file));
  }
  const absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(kernel, "");
  if (policy.ok() && *policy) actors.deadline = (*policy)->deadline;
  return actors;
}

std::map<std::string, std::string> NextActs(
    Kernel& kernel, const std::vector<PatchState>& patches,
    const Actors& actors) {
  std::map<std::string, std::string> acts;
  std::optional<RecentTransition> running;
  for (const PatchState& patch : patches) {
    if (!patch.transition) continue;
    if (!running) running = RunningNow(kernel);
    const bool known = running && running->patch == patch.name;
    acts[patch.name] = NextAct(patch, known ? running : std::nullopt, actors,
                               kernel.Monotonic());
  }
  return acts;
}

}  // namespace klpx
