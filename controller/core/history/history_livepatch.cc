// SPDX-License-Identifier: GPL-2.0
// How transitions of the kernel's own livepatch ended.
#include "controller/core/history/history_livepatch.h"

#include <algorithm>
#include <string>

#include "controller/core/base/engine.h"

namespace klpx {
namespace {

const LivepatchFact* Find(const EngineFacts& facts, const std::string& patch) {
  for (const LivepatchFact& fact : facts.livepatches) {
    if (fact.patch == patch) return &fact;
  }
  return nullptr;
}

// True if it moves tasks into the patch, or did so when last seen.
bool GoesPatched(const TransitionRecord& record) {
  return record.patching == (record.reversals % 2 == 0);
}

TransitionRecord Running(TransitionRecord record, bool to_patched) {
  record.outcome = Outcome::kRunning;
  // The announcement is the nearest known time.
  if (!record.started_ns && record.initiator.by != "outside") {
    record.started_ns = record.begun_ns;
  }
  if (GoesPatched(record) != to_patched) record.reversals++;
  return record;
}

// `is_patched`: every task is on the patched side; else no task is.
TransitionRecord Ended(TransitionRecord record, bool is_patched,
                       const EngineFacts& facts) {
  const bool watched = facts.watched == record.patch;
  const bool arrived = is_patched == record.patching;
  // If no process has watched, another transition may have followed since.
  const bool seen_turned = is_patched == GoesPatched(record);
  if (arrived) {
    record.outcome = record.forced > 0 ? Outcome::kForced : Outcome::kCompleted;
  } else {
    record.outcome =
        watched || seen_turned ? Outcome::kReversed : Outcome::kUnknown;
  }
  if (watched) {
    if (is_patched != GoesPatched(record)) record.reversals++;
    record.ended_ns = facts.now_ns;
  }
  record.pending = 0;
  return record;
}

}  // namespace

bool IsLivepatch(const TransitionRecord& record) {
  return record.engine == RowOf(Engine::kKernel).word;
}

std::optional<TransitionRecord> ReconcileLivepatch(
    const TransitionRecord& record, const EngineFacts& facts,
    bool initiator_lives) {
  if (record.boot_id != facts.boot_id) {
    TransitionRecord interrupted = record;
    interrupted.outcome = Outcome::kInterrupted;
    interrupted.pending = 0;
    return interrupted;
  }
  const LivepatchFact* now = Find(facts, record.patch);
  const bool is_patched = now != nullptr && now->enabled;
  const bool moves = now != nullptr && now->transition;
  // It looks reversed, but it has not moved a task yet.
  if (moves && is_patched != GoesPatched(record) && !facts.is_under_way(*now)) {
    return record;
  }
  if (record.outcome == Outcome::kRunning) {
    return moves ? Running(record, is_patched)
                 : Ended(record, is_patched, facts);
  }
  // It is announced: has it begun?
  if (moves || is_patched == record.patching) {
    const TransitionRecord begun = Running(record, record.patching);
    return moves ? Running(begun, is_patched) : Ended(begun, is_patched, facts);
  }
  if (initiator_lives) return record;
  return std::nullopt;
}

TransitionRecord AdoptLivepatch(const LivepatchFact& found,
                                const EngineFacts& facts) {
  TransitionRecord record;
  record.boot_id = facts.boot_id;
  record.kernel = facts.kernel;
  record.engine = std::string(RowOf(Engine::kKernel).word);
  record.patch = found.patch;
  record.patching = found.enabled;
  record.initiator.by = "outside";
  record.begun = facts.now;
  record.begun_ns = facts.now_ns;
  record.outcome = Outcome::kRunning;
  return record;
}

TransitionRecord WithEnd(const TransitionRecord& record,
                         const RecentTransition& seen) {
  if (record.ended_ns || seen.ended_ns == 0) return record;
  TransitionRecord ended = record;
  ended.ended_ns = seen.ended_ns;
  ended.reversals = std::max(record.reversals, seen.reversals);
  if (seen.patched != record.patching) {
    ended.outcome = Outcome::kReversed;
  } else {
    ended.outcome = record.forced > 0 ? Outcome::kForced : Outcome::kCompleted;
  }
  ended.pending = 0;
  return ended;
}

}  // namespace klpx
