// SPDX-License-Identifier: GPL-2.0
// Polls at the machine.
#include "controller/daemon/poller.h"

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
// Bounds the cost of one poll: reading a stack runs a BPF program.
constexpr size_t kStacksPerPoll = 64;
constexpr absl::Duration kStackAge = absl::Seconds(5);
constexpr absl::Duration kWalkInterval = absl::Seconds(1);

bool IsSame(const RecentTransition& a, const RecentTransition& b) {
  return a.started_ns == b.started_ns && a.ended_ns == b.ended_ns &&
         a.patch == b.patch && a.patched == b.patched && a.tasks == b.tasks &&
         a.reversals == b.reversals && a.signals == b.signals &&
         a.forced == b.forced;
}

void TakeUp(std::vector<RecentTransition> recent, EngineState& state) {
  if (!std::equal(recent.begin(), recent.end(), state.recent.begin(),
                  state.recent.end(), IsSame)) {
    state.changes++;
  }
  state.recent = std::move(recent);
  const std::optional<RecentTransition> before =
      std::exchange(state.running, std::nullopt);
  if (const RecentTransition* running = RunningOf(state.recent)) {
    state.running = *running;
  }
  // A job's finding about a transition is valid until that transition ends.
  if (!state.running || !before || before->patch != state.running->patch ||
      before->started_ns != state.running->started_ns) {
    state.reversal_stalled = false;
  }
}

}  // namespace

bool Poller::ReadTransitions(MachineState& machine) {
  const absl::StatusOr<std::string> text = recent_.Read();
  const bool loaded = text.ok();
  const bool rewritten = text.value_or("") != recent_text_;
  const bool changed = rewritten || loaded != machine.loaded;
  machine.loaded = loaded;
  recent_text_ = text.value_or("");
  const uint64_t before = machine.Changes();
  TakeUp(ParseRecent(recent_text_), machine.klpx);
  std::vector<RecentTransition> memory = machine.kernel.recent;
  EngineFacts facts;
  facts.now_ns = absl::ToInt64Nanoseconds(machine.now);
  ReadLivepatchFacts(kernel_, facts);
  RememberLivepatches(facts, memory);
  TakeUp(std::move(memory), machine.kernel);
  return changed || machine.Changes() != before;
}

void Poller::Poll(MachineState& machine) {
  machine.now = kernel_.Monotonic();
  if (ReadTransitions(machine)) changed_ = machine.now;
  if (machine.Moves() || machine.now - changed_ < kAftermath ||
      machine.now - patches_read_ > kPatchesInterval) {
    ReadPatches(machine);
  }
  Observe(machine);
}

void Poller::ReadPatches(MachineState& machine) {
  patches_read_ = machine.now;
  machine.patches = klpx::ReadPatches(kernel_);
  RelateByAddress(kernel_, places_, machine.patches);
  machine.klpx.moving.reset();
  machine.kernel.moving.reset();
  for (PatchState& patch : machine.patches) {
    if (!patch.transition) continue;
    EngineState& state = machine.Of(patch.engine);
    // The kernel's own engine does not report the elapsed time.
    if (!patch.elapsed_ms && state.running) {
      patch.elapsed_ms = absl::ToInt64Milliseconds(
          machine.now - absl::Nanoseconds(state.running->started_ns));
    }
    state.moving = patch;
  }
}

// The observer learns of a task when the engine checks it. A kick makes the
// engine check all tasks again, so that tasks that block already are seen.
absl::Status Poller::Attach(const MachineState& machine) {
  absl::StatusOr<std::unique_ptr<BlockerSource>> source = observer_.Attach();
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  if (machine.klpx.moving) {
    WriteAttribute(kernel_, machine.klpx.moving->name, "kick", "1")
        .IgnoreError();
  }
  return absl::OkStatus();
}

// An attached observer holds a reference to klpx.ko. It is attached only while
// there is a patch, so that the daemon does not block 'unload klpx'.
void Poller::Observe(MachineState& machine) {
  machine.source = nullptr;
  const bool wanted =
      std::any_of(machine.patches.begin(), machine.patches.end(),
                  [](const PatchState& patch) { return patch.registered; });
  if (!wanted) {
    source_.reset();
    machine.observer_error.clear();
  }
  if (wanted && !source_) {
    const absl::Status attached = Attach(machine);
    machine.observer_error = std::string(attached.message());
  }
  if (!source_ || machine.Moving().empty()) {
    known_.clear();
    machine.losses.reset();
    machine.klpx.blockers.clear();
    machine.kernel.blockers.clear();
    observed_ = -absl::InfiniteDuration();
    return;
  }
  // For the kernel's own engine each poll walks the stacks of all remaining
  // tasks.
  if (machine.klpx.moving || machine.now - observed_ >= kWalkInterval) {
    ReadBlockers(machine);
  }
  if (!source_) return;
  for (PatchState& patch : machine.patches) {
    if (!patch.transition) continue;
    EngineState& state = machine.Of(patch.engine);
    CountPending(state.blockers, patch);
    state.moving = patch;
  }
  machine.source = source_.get();
}

void Poller::ReadBlockers(MachineState& machine) {
  observed_ = machine.now;
  auto blockers = ReadBlockersOf(*source_, machine.Moving());
  const auto losses = source_->ReadCounters();
  if (!blockers.ok() || !losses.ok()) {
    machine.observer_error = std::string(
        (blockers.ok() ? losses.status() : blockers.status()).message());
    machine.losses.reset();
    machine.klpx.blockers.clear();
    machine.kernel.blockers.clear();
    source_.reset();
    return;
  }
  machine.losses = *losses;
  AddFacts(machine, *blockers);
  for (EngineState* state : {&machine.klpx, &machine.kernel}) {
    state->blockers.clear();
    if (state->moving) state->blockers = BlockersOf(*blockers, *state->moving);
  }
}

void Poller::AddFacts(const MachineState& machine,
                      std::vector<Blocker>& blockers) {
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
    if (machine.now - known.stack_read > kStackAge && stacks < kStacksPerPoll) {
      stacks++;
      known.stack_read = machine.now;
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
