// SPDX-License-Identifier: GPL-2.0
// Keeps the history of every transition, and tells the journal of it.
#include "controller/daemon/history_duty.h"

#include "absl/strings/str_cat.h"
#include "controller/commands/record.h"
#include "controller/core/error.h"
#include "controller/core/text.h"
#include "controller/core/transition_changes.h"
#include "controller/daemon/journal.h"

namespace klpx {
namespace {

constexpr absl::Duration kMovingInterval = absl::Seconds(1);
constexpr absl::Duration kIdleInterval = absl::Seconds(60);
constexpr absl::Duration kAftermath = absl::Seconds(3);

absl::string_view WhereTo(const RecentTransition& transition) {
  return transition.patched ? "patching" : "unpatching";
}

JournalFields FieldsOf(const RecentTransition& transition) {
  return {{"KLPX_PATCH", transition.patch},
          {"KLPX_TRANSITION", absl::StrCat(transition.started_ns)},
          {"KLPX_TASKS", absl::StrCat(transition.tasks)},
          {"KLPX_OUTCOME", std::string(OutcomeWord(OutcomeOf(transition)))}};
}

std::string EndedText(const RecentTransition& transition) {
  const absl::Duration took =
      absl::Nanoseconds(transition.ended_ns - transition.started_ns);
  return absl::StrCat(
      transition.patch, ": ", WhereTo(transition), " complete (",
      OutcomeWord(OutcomeOf(transition)), "), ",
      Count(transition.tasks, "task"), " in ",
      absl::FormatDuration(absl::Trunc(took, absl::Milliseconds(1))));
}

void TellChange(const TransitionChange& change, bool found_running) {
  const RecentTransition& transition = change.transition;
  const JournalFields fields = FieldsOf(transition);
  switch (change.kind) {
    case TransitionChange::Kind::kStarted:
      Tell(found_running ? Message::kTransitionFound
                         : Message::kTransitionStarted,
           absl::StrCat(transition.patch, ": ", WhereTo(transition),
                        found_running ? " was under way, " : " started, ",
                        Count(transition.tasks, "task")),
           fields);
      return;
    case TransitionChange::Kind::kReversed:
      Tell(Message::kTransitionReversed,
           absl::StrCat(transition.patch, ": turned round, now ",
                        WhereTo(transition)),
           fields);
      return;
    case TransitionChange::Kind::kForced:
      Tell(Message::kTransitionForced,
           absl::StrCat(transition.patch, ": ",
                        Count(transition.forced, "task"), " forced, unchecked"),
           fields);
      return;
    case TransitionChange::Kind::kEnded:
      Tell(Message::kTransitionEnded, EndedText(transition), fields);
      return;
  }
}

}  // namespace

absl::Duration HistoryDuty::Interval(const View& view) const {
  return view.running || settle_again_ != absl::InfiniteDuration()
             ? kMovingInterval
             : kIdleInterval;
}

absl::Status HistoryDuty::Step(View& view) {
  Recorder& recorder = context_.recorder;
  // The loop calls less often after a failure: each call tries again.
  if (recorder.broken) {
    recorder.broken = false;
    recorder.store.reset();
    settled_ = false;
    current_ns_ = 0;
  }
  if (view.running && view.running->started_ns != current_ns_) {
    RecordStart(context_, view.running->patch);
    current_ns_ = view.running->started_ns;
  }
  if (view.running && view.moving && view.source != nullptr) {
    RecordBlockers(context_, *view.source, *view.moving, view.blockers);
  }
  const bool changed = !settled_ || view.recent_text != settled_text_;
  if (changed || view.now >= settle_again_) {
    RecordEnd(context_);
    settle_again_ = changed ? view.now + kAftermath : absl::InfiniteDuration();
    settled_ = true;
    settled_text_ = view.recent_text;
  }
  if (!view.running) {
    recorder.id = 0;
    recorder.seen.clear();
    current_ns_ = 0;
  }
  if (!recorder.broken) return absl::OkStatus();
  return Error(ErrorKind::kFailure, recorder.path,
               ": cannot be written; transitions go unrecorded, patches are "
               "not affected");
}

absl::Duration JournalDuty::Interval(const View&) const {
  return kIdleInterval;
}

absl::Status JournalDuty::Step(View& view) {
  // What had ended before this daemon began was told by the one before it, or
  // is in the history.
  if (first_) {
    told_ = view.recent;
    if (view.running) told_.pop_back();
  }
  for (const TransitionChange& change : ChangesBetween(told_, view.recent)) {
    TellChange(change, /*found_running=*/first_);
  }
  first_ = false;
  told_ = view.recent;
  return absl::OkStatus();
}

}  // namespace klpx
