// SPDX-License-Identifier: GPL-2.0
// Looks at the machine.
#include "controller/daemon/watch.h"

#include <algorithm>
#include <utility>

#include "controller/commands/blockers.h"
#include "controller/core/transition_changes.h"
#include "controller/sys/sysfs.h"

namespace klpx {
namespace {

// Patches change without a transition too: a module is removed, a function gets
// on the fast path.
constexpr absl::Duration kPatchesInterval = absl::Seconds(5);
// The directory of a disabled patch goes a moment after its transition.
constexpr absl::Duration kAftermath = absl::Seconds(3);
// Of one look: reading a stack runs a BPF program.
constexpr size_t kStacksPerLook = 64;
constexpr absl::Duration kStackAge = absl::Seconds(5);

}  // namespace

void Watch::Look(View& view) {
  const absl::StatusOr<std::string> text = recent_.Read();
  const std::string now = text.value_or("");
  const bool changed = now != view.recent_text || text.ok() != view.engine;
  view.now = context_.kernel.Monotonic();
  view.engine = text.ok();
  view.recent_text = now;
  view.recent = ParseRecent(now);
  const std::optional<RecentTransition> before =
      std::exchange(view.running, std::nullopt);
  if (const RecentTransition* running = RunningOf(view.recent)) {
    view.running = *running;
  }
  // What a duty has found of a transition holds until that has ended.
  if (!view.running || !before ||
      before->started_ns != view.running->started_ns) {
    view.reversal_stalled = false;
  }
  if (changed) changed_ = view.now;
  if (view.running || view.now - changed_ < kAftermath ||
      view.now - patches_read_ > kPatchesInterval) {
    ReadPatches(view);
  }
  Observe(view);
}

void Watch::ReadPatches(View& view) {
  patches_read_ = view.now;
  view.patches = klpx::ReadPatches(context_.kernel);
  view.moving.reset();
  for (const PatchState& patch : view.patches) {
    if (patch.transition) view.moving = patch;
  }
}

// Makes the observer see who blocks already: it learns of a task when the
// engine looks at it.
absl::Status Watch::Attach(const View& view) {
  absl::StatusOr<std::unique_ptr<BlockerSource>> source =
      context_.observer.Attach();
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  if (view.moving) {
    WriteAttribute(context_.kernel, view.moving->name, "kick", "1")
        .IgnoreError();
  }
  return absl::OkStatus();
}

// An observer keeps klpx.ko in the kernel. It is attached for a patch only, so
// that the daemon is not in the way of 'unload klpx'.
void Watch::Observe(View& view) {
  view.blockers.clear();
  view.losses.reset();
  view.source = nullptr;
  const bool wanted =
      std::any_of(view.patches.begin(), view.patches.end(),
                  [](const PatchState& patch) { return patch.registered; });
  if (!wanted) {
    source_.reset();
    known_.clear();
    view.observer_error.clear();
    return;
  }
  if (!source_) {
    const absl::Status attached = Attach(view);
    view.observer_error = std::string(attached.message());
    if (!attached.ok()) return;
  }
  if (!view.moving) {
    known_.clear();
    return;
  }
  auto blockers = ReadBlockers(*source_, view.moving->name);
  const auto losses = source_->ReadCounters();
  if (!blockers.ok() || !losses.ok()) {
    view.observer_error = std::string(
        (blockers.ok() ? losses.status() : blockers.status()).message());
    source_.reset();
    return;
  }
  view.blockers = *std::move(blockers);
  view.losses = *losses;
  view.source = source_.get();
  Remember(view);
}

void Watch::Remember(View& view) {
  for (auto& [key, known] : known_) known.seen = false;
  size_t stacks = 0;
  for (Blocker& blocker : view.blockers) {
    const klpx_task_key& key = blocker.info.key;
    const auto [at, is_new] =
        known_.try_emplace(Key(key.tid, key.idle_cpu, key.start_ns));
    Known& known = at->second;
    known.seen = true;
    if (is_new) {
      std::vector<Blocker> one = {blocker};
      AddProcFacts(context_.kernel, one);
      known.cgroup = one.front().cgroup;
      known.cmdline = one.front().cmdline;
      known.stack_read = -absl::InfiniteDuration();
    }
    if (view.now - known.stack_read > kStackAge && stacks < kStacksPerLook) {
      stacks++;
      known.stack_read = view.now;
      known.stack = source_->ReadStack(key).value_or(known.stack);
    }
    blocker.cgroup = known.cgroup;
    blocker.cmdline = known.cmdline;
    blocker.stack = known.stack;
  }
  std::erase_if(known_, [](const auto& entry) { return !entry.second.seen; });
}

}  // namespace klpx
