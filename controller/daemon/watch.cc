// SPDX-License-Identifier: GPL-2.0
// Looks at the machine.
#include "controller/daemon/watch.h"

#include <algorithm>
#include <utility>

#include "controller/core/history/livepatch_memory.h"
#include "controller/core/history/transition_changes.h"
#include "controller/ops/kernel/blockers.h"
#include "controller/sys/proc/patch_sides.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

// Patches also change without a transition: a module is removed, a function
// gets on the fast path.
constexpr absl::Duration kPatchesInterval = absl::Seconds(5);
// The sysfs directory of a disabled patch disappears shortly after its
// transition.
constexpr absl::Duration kAftermath = absl::Seconds(3);
// Bounds the cost of one look: reading a stack runs a BPF program.
constexpr size_t kStacksPerLook = 64;
constexpr absl::Duration kStackAge = absl::Seconds(5);
constexpr absl::Duration kWalkInterval = absl::Seconds(1);

bool IsSame(const RecentTransition& a, const RecentTransition& b) {
  return a.started_ns == b.started_ns && a.ended_ns == b.ended_ns &&
         a.patch == b.patch && a.patched == b.patched && a.tasks == b.tasks &&
         a.reversals == b.reversals && a.signals == b.signals &&
         a.forced == b.forced;
}

void TakeUp(std::vector<RecentTransition> recent, EngineView& part) {
  if (!std::equal(recent.begin(), recent.end(), part.recent.begin(),
                  part.recent.end(), IsSame)) {
    part.changes++;
  }
  part.recent = std::move(recent);
  const std::optional<RecentTransition> before =
      std::exchange(part.running, std::nullopt);
  if (const RecentTransition* running = RunningOf(part.recent)) {
    part.running = *running;
  }
  // A duty's finding about a transition is valid until that transition ends.
  if (!part.running || !before || before->patch != part.running->patch ||
      before->started_ns != part.running->started_ns) {
    part.reversal_stalled = false;
  }
}

}  // namespace

bool Watch::ReadTransitions(View& view) {
  const absl::StatusOr<std::string> text = recent_.Read();
  const bool loaded = text.ok();
  const bool told = text.value_or("") != recent_text_;
  const bool changed = told || loaded != view.loaded;
  view.loaded = loaded;
  recent_text_ = text.value_or("");
  const uint64_t before = view.Changes();
  TakeUp(ParseRecent(recent_text_), view.klpx);
  std::vector<RecentTransition> memory = view.kernel.recent;
  EngineFacts facts;
  facts.now_ns = absl::ToInt64Nanoseconds(view.now);
  ReadLivepatchFacts(kernel_, facts);
  RememberLivepatches(facts, memory);
  TakeUp(std::move(memory), view.kernel);
  return changed || view.Changes() != before;
}

void Watch::Look(View& view) {
  view.now = kernel_.Monotonic();
  if (ReadTransitions(view)) changed_ = view.now;
  if (view.Moves() || view.now - changed_ < kAftermath ||
      view.now - patches_read_ > kPatchesInterval) {
    ReadPatches(view);
  }
  Observe(view);
}

void Watch::ReadPatches(View& view) {
  patches_read_ = view.now;
  view.patches = klpx::ReadPatches(kernel_);
  RelateByAddress(kernel_, places_, view.patches);
  view.klpx.moving.reset();
  view.kernel.moving.reset();
  for (PatchState& patch : view.patches) {
    if (!patch.transition) continue;
    EngineView& part = view.Of(patch.engine);
    // The kernel's own engine does not report the elapsed time.
    if (!patch.elapsed_ms && part.running) {
      patch.elapsed_ms = absl::ToInt64Milliseconds(
          view.now - absl::Nanoseconds(part.running->started_ns));
    }
    part.moving = patch;
  }
}

// The observer learns of a task when the engine checks it. A kick makes the
// engine check all tasks again, so that tasks that block already are seen.
absl::Status Watch::Attach(const View& view) {
  absl::StatusOr<std::unique_ptr<BlockerSource>> source = observer_.Attach();
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  if (view.klpx.moving) {
    WriteAttribute(kernel_, view.klpx.moving->name, "kick", "1").IgnoreError();
  }
  return absl::OkStatus();
}

// An attached observer holds a reference to klpx.ko. It is attached only while
// there is a patch, so that the daemon does not block 'unload klpx'.
void Watch::Observe(View& view) {
  view.source = nullptr;
  const bool wanted =
      std::any_of(view.patches.begin(), view.patches.end(),
                  [](const PatchState& patch) { return patch.registered; });
  if (!wanted) {
    source_.reset();
    view.observer_error.clear();
  }
  if (wanted && !source_) {
    const absl::Status attached = Attach(view);
    view.observer_error = std::string(attached.message());
  }
  if (!source_ || view.Moving().empty()) {
    known_.clear();
    view.losses.reset();
    view.klpx.blockers.clear();
    view.kernel.blockers.clear();
    observed_ = -absl::InfiniteDuration();
    return;
  }
  // For the kernel's own engine each look walks the stacks of all remaining
  // tasks.
  if (view.klpx.moving || view.now - observed_ >= kWalkInterval) {
    ReadBlockers(view);
  }
  if (!source_) return;
  for (PatchState& patch : view.patches) {
    if (!patch.transition) continue;
    EngineView& part = view.Of(patch.engine);
    CountPending(part.blockers, patch);
    part.moving = patch;
  }
  view.source = source_.get();
}

void Watch::ReadBlockers(View& view) {
  observed_ = view.now;
  auto blockers = ReadBlockersOf(*source_, view.Moving());
  const auto losses = source_->ReadCounters();
  if (!blockers.ok() || !losses.ok()) {
    view.observer_error = std::string(
        (blockers.ok() ? losses.status() : blockers.status()).message());
    view.losses.reset();
    view.klpx.blockers.clear();
    view.kernel.blockers.clear();
    source_.reset();
    return;
  }
  view.losses = *losses;
  AddFacts(view, *blockers);
  for (EngineView* part : {&view.klpx, &view.kernel}) {
    part->blockers.clear();
    if (part->moving) part->blockers = BlockersOf(*blockers, *part->moving);
  }
}

void Watch::AddFacts(const View& view, std::vector<Blocker>& blockers) {
  for (auto& [key, known] : known_) known.seen = false;
  size_t stacks = 0;
  for (Blocker& blocker : blockers) {
    const klpx_task_key& key = blocker.info.key;
    const auto [at, is_new] = known_.try_emplace(key);
    Known& known = at->second;
    known.seen = true;
    if (is_new) {
      std::vector<Blocker> one = {blocker};
      AddProcFacts(kernel_, one);
      known.cgroup = one.front().cgroup;
      known.cmdline = one.front().cmdline;
      known.uid = one.front().uid;
      known.user = one.front().user;
      known.stack_read = -absl::InfiniteDuration();
    }
    if (view.now - known.stack_read > kStackAge && stacks < kStacksPerLook) {
      stacks++;
      known.stack_read = view.now;
      known.stack = source_->ReadStack(key).value_or(known.stack);
    }
    blocker.cgroup = known.cgroup;
    blocker.cmdline = known.cmdline;
    blocker.uid = known.uid;
    blocker.user = known.user;
    blocker.stack = known.stack;
  }
  std::erase_if(known_, [](const auto& entry) { return !entry.second.seen; });
}

}  // namespace klpx
