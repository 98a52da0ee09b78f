// SPDX-License-Identifier: GPL-2.0
// Records every transition in the history, and reports it to the journal.
#include "controller/daemon/history_job.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/history/transition_changes.h"
#include "controller/daemon/journal.h"
#include "controller/ops/history/record.h"

namespace klpx {
namespace {

constexpr absl::Duration kMovingInterval = absl::Seconds(1);
constexpr absl::Duration kIdleInterval = absl::Seconds(60);
constexpr absl::Duration kAftermath = absl::Seconds(3);

// ", 12 tasks"; "" if they were not counted.
std::string Tasks(const RecentTransition& transition) {
  if (transition.tasks == 0) return "";
  return absl::StrCat(", ", Count(transition.tasks, "task"));
}

JournalFields FieldsOf(const RecentTransition& transition, Engine engine) {
  JournalFields fields = {
      {"KLPX_PATCH", transition.patch},
      {"KLPX_ENGINE", std::string(RowOf(engine).word)},
      {"KLPX_TRANSITION", absl::StrCat(transition.started_ns)},
      {"KLPX_OUTCOME", std::string(OutcomeWord(OutcomeOf(transition)))}};
  if (transition.tasks > 0) {
    fields.push_back({"KLPX_TASKS", absl::StrCat(transition.tasks)});
  }
  return fields;
}

std::string EndedText(const RecentTransition& transition) {
  const absl::Duration took =
      absl::Nanoseconds(transition.ended_ns - transition.started_ns);
  return absl::StrCat(
      transition.patch, ": ", DirectionWord(transition.patched), " complete (",
      OutcomeWord(OutcomeOf(transition)), ")", Tasks(transition), " in ",
      absl::FormatDuration(absl::Trunc(took, absl::Milliseconds(1))));
}

void LogChange(const TransitionChange& change, Engine engine,
               bool found_running) {
  const RecentTransition& transition = change.transition;
  const JournalFields fields = FieldsOf(transition, engine);
  switch (change.kind) {
    case TransitionChange::Kind::kStarted:
      LogToJournal(
          found_running ? Message::kTransitionFound
                        : Message::kTransitionStarted,
          absl::StrCat(transition.patch, ": ",
                       DirectionWord(transition.patched),
                       found_running ? " was already in progress" : " started",
                       Tasks(transition)),
          fields);
      return;
    case TransitionChange::Kind::kReversed:
      LogToJournal(Message::kTransitionReversed,
                   absl::StrCat(transition.patch, ": reversed, now ",
                                DirectionWord(transition.patched)),
                   fields);
      return;
    case TransitionChange::Kind::kForced:
      LogToJournal(
          Message::kTransitionForced,
          absl::StrCat(transition.patch, ": ", Count(transition.forced, "task"),
                       " forced without a check"),
          fields);
      return;
    case TransitionChange::Kind::kEnded:
      LogToJournal(Message::kTransitionEnded, EndedText(transition), fields);
      return;
  }
}

}  // namespace

absl::Duration HistoryJob::Interval(const MachineState& machine) const {
  return machine.Of(engine_).running ||
                 reconcile_again_ != absl::InfiniteDuration()
             ? kMovingInterval
             : kIdleInterval;
}

// The kernel's own engine does not report when a transition began, nor that it
// was forced. The history may know, from an earlier daemon or from the
// klp-controller that did it.
void HistoryJob::TakeFromRecord(EngineState& state) {
  if (engine_ != Engine::kKernel || state.recent.empty() || recorder_.id == 0 ||
      recorder_.broken || !recorder_.store) {
    return;
  }
  const auto record = recorder_.store->Find(recorder_.id);
  RecentTransition& last = state.recent.back();
  if (!record.ok() || record->patch != last.patch) return;
  if (state.running && record->outcome != Outcome::kRunning) return;
  const int64_t began = record->started_ns.value_or(record->begun_ns);
  if (began > 0) last.started_ns = std::min(last.started_ns, began);
  last.reversals = std::max(last.reversals, record->reversals);
  last.forced = std::max(last.forced, record->forced);
  if (state.running) state.running = last;
}

absl::Status HistoryJob::Step(MachineState& machine) {
  EngineState& state = machine.Of(engine_);
  // Each call retries a broken history; the loop calls less often after a
  // failure.
  if (recorder_.broken) {
    recorder_.broken = false;
    recorder_.store.reset();
    reconciled_ = false;
    current_ns_ = 0;
  }
  if (state.running &&
      (state.running->started_ns != current_ns_ || recorder_.id == 0)) {
    RecordStart(recorder_, state.running->patch);
    TakeFromRecord(state);
    current_ns_ = state.running->started_ns;
  }
  if (state.running && state.moving && machine.source != nullptr) {
    RecordBlockers(recorder_, *machine.source, *state.moving, state.blockers);
  }
  const bool changed = !reconciled_ || state.changes != reconciled_changes_;
  if (changed || machine.now >= reconcile_again_) {
    if (engine_ == Engine::kKernel && !state.running && !state.recent.empty()) {
      RecordSeenEnd(recorder_, state.recent.back());
    } else {
      RecordEnd(recorder_);
    }
    TakeFromRecord(state);
    reconcile_again_ =
        changed ? machine.now + kAftermath : absl::InfiniteDuration();
    reconciled_ = true;
    reconciled_changes_ = state.changes;
  }
  if (!state.running) {
    recorder_.id = 0;
    recorder_.seen.clear();
    current_ns_ = 0;
  }
  if (!recorder_.broken) return absl::OkStatus();
  return Error(ErrorKind::kFailure, recorder_.path,
               ": cannot be written: transitions are not recorded; patches "
               "are not affected");
}

absl::Duration JournalJob::Interval(const MachineState&) const {
  return kIdleInterval;
}

absl::Status JournalJob::Step(MachineState& machine) {
  // Transitions that ended before this daemon started were reported by the
  // previous daemon, or are in the history.
  const EngineState& state = machine.Of(engine_);
  if (first_) {
    reported_ = state.recent;
    if (state.running) reported_.pop_back();
  }
  for (const TransitionChange& change :
       ChangesBetween(reported_, state.recent)) {
    LogChange(change, engine_, /*found_running=*/first_);
  }
  first_ = false;
  reported_ = state.recent;
  return absl::OkStatus();
}

}  // namespace klpx
