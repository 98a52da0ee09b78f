// SPDX-License-Identifier: GPL-2.0
// What happened to transitions that the history has as not ended.
#include "controller/core/history/history_reconcile.h"

#include <algorithm>

#include "controller/core/history/transition_changes.h"

namespace klpx {
namespace {

// The transition of a record whose start is known.
const RecentTransition* FindStarted(const TransitionRecord& record,
                                    const EngineFacts& facts) {
  for (const RecentTransition& found : *facts.recent) {
    if (found.patch == record.patch && found.started_ns == *record.started_ns) {
      return &found;
    }
  }
  return nullptr;
}

// The first transition that matches the announcement of a record.
const RecentTransition* FindAnnounced(const TransitionRecord& record,
                                      const EngineFacts& facts,
                                      const std::vector<int64_t>& claimed) {
  for (const RecentTransition& found : *facts.recent) {
    const bool is_claimed = std::find(claimed.begin(), claimed.end(),
                                      found.started_ns) != claimed.end();
    if (!is_claimed && found.patch == record.patch &&
        found.started_ns >= record.begun_ns &&
        StartedForPatched(found) == record.patching) {
      return &found;
    }
  }
  return nullptr;
}

TransitionRecord Ended(TransitionRecord record, Outcome outcome) {
  record.outcome = outcome;
  record.pending = 0;
  return record;
}

}  // namespace

void TakeOver(TransitionRecord& record, const RecentTransition& found) {
  record.started_ns = found.started_ns;
  record.outcome = OutcomeOf(found);
  record.tasks = found.tasks;
  record.reversals = found.reversals;
  record.signals = found.signals;
  record.forced = found.forced;
  if (found.ended_ns == 0) return;
  record.ended_ns = found.ended_ns;
  record.pending = 0;
}

std::optional<TransitionRecord> Reconcile(const TransitionRecord& record,
                                          const EngineFacts& facts,
                                          const std::vector<int64_t>& claimed,
                                          bool initiator_lives) {
  if (record.boot_id != facts.boot_id) {
    return Ended(record, Outcome::kInterrupted);
  }
  const RecentTransition* found = nullptr;
  if (facts.recent) {
    found = record.started_ns ? FindStarted(record, facts)
                              : FindAnnounced(record, facts, claimed);
  }
  if (found != nullptr) {
    TransitionRecord reconciled = record;
    TakeOver(reconciled, *found);
    return reconciled;
  }
  if (record.started_ns) {
    return Ended(record, facts.recent ? Outcome::kUnknown : Outcome::kRemoved);
  }
  if (initiator_lives) return record;
  return std::nullopt;
}

TransitionRecord Adopt(const RecentTransition& found,
                       const EngineFacts& facts) {
  TransitionRecord record;
  record.boot_id = facts.boot_id;
  record.kernel = facts.kernel;
  record.patch = found.patch;
  record.patching = StartedForPatched(found);
  record.initiator.by = "outside";
  record.begun_ns = found.started_ns;
  record.begun = facts.now - absl::Nanoseconds(facts.now_ns) +
                 absl::Nanoseconds(found.started_ns);
  TakeOver(record, found);
  return record;
}

}  // namespace klpx
