// SPDX-License-Identifier: GPL-2.0
// Acts when a transition that no process waits for is not complete in time.
#include "controller/daemon/deadline_job.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/history/transition_changes.h"
#include "controller/core/policy/deadline.h"
#include "controller/daemon/journal.h"
#include "controller/ops/history/record.h"
#include "controller/ops/transition/ownership.h"
#include "controller/ops/transition/push.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr absl::Duration kMovingInterval = absl::Milliseconds(250);
constexpr absl::Duration kIdleInterval = absl::Seconds(60);

JournalFields FieldsOf(const EngineState& state, absl::string_view outcome) {
  return {{"KLPX_PATCH", state.running->patch},
          {"KLPX_TRANSITION", absl::StrCat(state.running->started_ns)},
          {"KLPX_TASKS", absl::StrCat(state.moving->pending.value_or(0))},
          {"KLPX_OUTCOME", std::string(outcome)}};
}

// True if the transition is still the one that the decision was made for. Only
// the owner may act, so it is checked after ownership was taken.
bool IsUnchanged(Kernel& kernel, Engine engine,
                 const RecentTransition& decided) {
  if (engine == Engine::kKernel) {
    const auto now = FindTransition(kernel, engine);
    return now && now->name == decided.patch && now->enabled == decided.patched;
  }
  const auto text = kernel.ReadFile(absl::StrCat(KLPX_STATS_DIR, "/recent"));
  const std::vector<RecentTransition> recent = ParseRecent(text.value_or(""));
  const RecentTransition* running = RunningOf(recent);
  return running != nullptr && running->started_ns == decided.started_ns &&
         running->patch == decided.patch &&
         running->reversals == decided.reversals;
}

// Did an operator give --allow-force for this transition?
absl::StatusOr<bool> IsForceAllowed(Recorder& recorder,
                                    const RecentTransition& running) {
  RecordStart(recorder, running.patch);
  if (recorder.broken || !recorder.store) {
    return Error(ErrorKind::kFailure, "'", running.patch,
                 "' is not forced: the history, which records whether that is "
                 "allowed, cannot be read");
  }
  const auto record = recorder.store->Find(recorder.id);
  if (!record.ok()) return record.status();
  return record->outcome == Outcome::kRunning &&
         std::any_of(record->events.begin(), record->events.end(),
                     [](const HistoryEvent& event) {
                       return event.kind == kForceAllowed;
                     });
}

}  // namespace

absl::Status ReverseByDaemon(Kernel& kernel, Recorder& recorder,
                             const RecentTransition& running,
                             const std::string& why) {
  RecordStart(recorder, running.patch);
  const absl::Status written = WriteAttribute(kernel, running.patch, "enabled",
                                              running.patched ? "0" : "1");
  const int error_number = ErrnoOf(written);
  // The transition has ended, or was reversed by hand.
  if (error_number == EINVAL || error_number == ENOENT) return absl::OkStatus();
  if (!written.ok()) {
    return Annotate(written, absl::StrCat("'", running.patch, "': reversal ",
                                          why, " refused"));
  }
  RecordEvent(recorder, "reverse", why);
  return absl::OkStatus();
}

absl::Duration DeadlineJob::Interval(const MachineState& machine) const {
  return machine.Of(engine_).running ? kMovingInterval : kIdleInterval;
}

absl::Status DeadlineJob::Step(MachineState& machine) {
  EngineState& state = machine.Of(engine_);
  if (!state.running || !state.moving) return absl::OkStatus();
  if (state.running->reversals > 0) WatchReversal(state, machine.now);
  const int64_t now_ns = absl::ToInt64Nanoseconds(machine.now);
  // Only the owner looks up whether the transition may be forced; assume yes
  // here.
  if (ActAtDeadline(rules_.deadline(), *state.running, now_ns,
                    /*force_confirmed=*/true) == DeadlineAct::kNone) {
    return absl::OkStatus();
  }
  // This process may already be the owner, for a health check of a patch of the
  // other engine. Then it stays the owner.
  const bool owned = Owns(supervisor_.ownership);
  if (!Own(supervisor_.ownership)) return absl::OkStatus();
  const absl::Cleanup disown = [this, owned] {
    if (!owned) Disown(supervisor_.ownership);
  };
  if (!IsUnchanged(supervisor_.kernel, engine_, *state.running)) {
    return absl::OkStatus();
  }
  return Act(state, machine.now);
}

absl::Status DeadlineJob::Act(const EngineState& state, absl::Duration now) {
  const PolicyDeadline& deadline = rules_.deadline();
  const RecentTransition& running = *state.running;
  bool confirmed = false;
  if (deadline.then == PolicyDeadline::Then::kForce &&
      MayForce(deadline, running.patch)) {
    const absl::StatusOr<bool> allowed =
        IsForceAllowed(supervisor_.recorder, running);
    if (!allowed.ok()) return allowed.status();
    confirmed = *allowed;
  }
  const std::string after =
      absl::StrCat("after ", absl::FormatDuration(*deadline.after));
  switch (ActAtDeadline(deadline, running, absl::ToInt64Nanoseconds(now),
                        confirmed)) {
    case DeadlineAct::kNone:
      return absl::OkStatus();
    case DeadlineAct::kReverse:
      LogToJournal(Message::kDeadline,
                   absl::StrCat(running.patch, ": not complete ", after,
                                "; reversing it, as the policy says"),
                   FieldsOf(state, "reverse"));
      return ReverseByDaemon(supervisor_.kernel, supervisor_.recorder, running,
                             after);
    case DeadlineAct::kForce:
      LogToJournal(Message::kDeadline,
                   absl::StrCat(running.patch, ": not complete ", after,
                                "; forcing it, as the policy says"),
                   FieldsOf(state, "force"));
      return Force(running.patch);
    case DeadlineAct::kLeave:
      if (left_ns_ == running.started_ns) return absl::OkStatus();
      left_ns_ = running.started_ns;
      LogToJournal(
          Message::kDeadlineLeft,
          absl::StrCat(running.patch, ": not complete ", after,
                       ", and not forced: ",
                       MayForce(deadline, running.patch)
                           ? "--allow-force was not given for this transition"
                           : "the policy does not name this patch"),
          FieldsOf(state, "left"));
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status DeadlineJob::Force(const std::string& patch) {
  const absl::StatusOr<std::optional<PushTarget>> target = FindPushTarget(
      supervisor_.kernel, supervisor_.observer, supervisor_.console,
      {"force", patch, std::nullopt, Names::kAttach});
  if (!target.ok()) return target.status();
  if (!*target) return absl::OkStatus();
  const absl::Status forced = ForceBlockers(
      supervisor_.kernel, supervisor_.recorder, **target, std::nullopt);
  // The transition has ended by itself.
  if (KindOf(forced) == ErrorKind::kNoTransition) return absl::OkStatus();
  return forced;
}

void DeadlineJob::WatchReversal(EngineState& state, absl::Duration now) {
  const RecentTransition& running = *state.running;
  if (reversal_ns_ != running.started_ns || reversals_ != running.reversals) {
    reversal_ns_ = running.started_ns;
    reversals_ = running.reversals;
    reversed_ = now;
    stall_reported_ = false;
  }
  const absl::Duration limit = ReversalLimit(rules_.deadline());
  state.reversal_stalled = now - reversed_ >= limit;
  if (!state.reversal_stalled || stall_reported_) return;
  stall_reported_ = true;
  LogToJournal(Message::kReversalStalled,
               absl::StrCat(running.patch, ": the reversal itself is held up, ",
                            Count(state.moving->pending.value_or(0), "task"),
                            " left after ", absl::FormatDuration(limit),
                            "; see 'klp-controller blocking'"),
               FieldsOf(state, "stalled"));
}

}  // namespace klpx
