// SPDX-License-Identifier: GPL-2.0
// Completes the health checks that no other process watches.
#include "controller/daemon/health_check_job.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/daemon/journal.h"
#include "controller/ops/transition/ownership.h"

namespace klpx {
namespace {

constexpr absl::Duration kProbeInterval = absl::Milliseconds(100);
constexpr absl::Duration kPollInterval = absl::Seconds(1);
constexpr absl::Duration kIdleInterval = absl::Seconds(60);
// A check that is still open when its time is over is found for this much
// longer, so that it can be recorded as expired.
constexpr absl::Duration kAftermath = absl::Minutes(2);

}  // namespace

bool HealthCheckJob::EndedOfLate(const EngineState& state,
                                 absl::Duration now) const {
  return std::any_of(state.recent.begin(), state.recent.end(),
                     [&](const RecentTransition& past) {
                       return past.ended_ns != 0 && past.patched &&
                              now - absl::Nanoseconds(past.ended_ns) <
                                  rules_.health().watch + kAftermath;
                     });
}

// Judged from the engines' memory alone, so that an idle daemon does not read
// the history.
bool HealthCheckJob::MayBeOpen(const MachineState& machine) const {
  return rules_.health().watch > absl::ZeroDuration() &&
         (first_ || EndedOfLate(machine.klpx, machine.now) ||
          EndedOfLate(machine.kernel, machine.now));
}

absl::Duration HealthCheckJob::Interval(const MachineState& machine) const {
  if (check_) return kProbeInterval;
  return MayBeOpen(machine) ? kPollInterval : kIdleInterval;
}

absl::Status HealthCheckJob::Step(MachineState& machine) {
  // The process that started the transition decides while it runs. A check that
  // is still open afterwards is found again.
  if (machine.Moves()) {
    Close();
    return absl::OkStatus();
  }
  if (!check_) {
    const absl::Status opened = Open(machine);
    if (!opened.ok() || !check_) return opened;
  }
  const HealthVerdict verdict = check_->Step(machine.now);
  if (verdict == HealthVerdict::kWatching) return absl::OkStatus();
  LogVerdict(verdict);
  Close();
  return absl::OkStatus();
}

absl::Status HealthCheckJob::Open(const MachineState& machine) {
  if (!MayBeOpen(machine) || !Own(supervisor_.ownership))
    return absl::OkStatus();
  // Read only after ownership was taken: the previous owner may have closed
  // the check.
  const absl::StatusOr<std::vector<OpenHealthCheck>> checks =
      OpenHealthChecks(supervisor_.kernel, supervisor_.recorder);
  if (checks.ok()) first_ = false;
  if (checks.ok() && !checks->empty()) {
    check_.emplace(
        HealthCheckKeeper{supervisor_.kernel, supervisor_.recorder, boot_},
        checks->front(), rules_.health());
    return absl::OkStatus();
  }
  Disown(supervisor_.ownership);
  return checks.status();
}

void HealthCheckJob::Close() {
  if (!check_) return;
  check_.reset();
  Disown(supervisor_.ownership);
}

void HealthCheckJob::LogVerdict(HealthVerdict verdict) {
  const std::string& patch = check_->check().patch;
  const JournalFields fields = {{"KLPX_PATCH", patch}};
  if (verdict == HealthVerdict::kPassed) {
    LogToJournal(Message::kHealthCheckPassed,
                 absl::StrCat(patch, ": passed the health check"), fields);
  } else if (verdict == HealthVerdict::kExpired) {
    LogToJournal(Message::kHealthCheckExpired,
                 absl::StrCat(patch, ": the health check expired unwatched"),
                 fields);
  } else {
    LogToJournal(Message::kHealthCheckFailed, check_->result().message(),
                 fields);
  }
}

}  // namespace klpx
