// SPDX-License-Identifier: GPL-2.0
// Completes the health gates that no other process watches.
#include "controller/daemon/gate_duty.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/daemon/journal.h"
#include "controller/ops/transition/ownership.h"

namespace klpx {
namespace {

constexpr absl::Duration kProbeInterval = absl::Milliseconds(100);
constexpr absl::Duration kLookInterval = absl::Seconds(1);
constexpr absl::Duration kIdleInterval = absl::Seconds(60);
// A gate that is still open when its time is over is found for this much
// longer, so that it can be recorded as expired.
constexpr absl::Duration kAftermath = absl::Minutes(2);

}  // namespace

bool GateDuty::EndedOfLate(const EngineView& part, absl::Duration now) const {
  return std::any_of(part.recent.begin(), part.recent.end(),
                     [&](const RecentTransition& past) {
                       return past.ended_ns != 0 && past.patched &&
                              now - absl::Nanoseconds(past.ended_ns) <
                                  rules_.health().watch + kAftermath;
                     });
}

// Judged from the engines' memory alone, so that an idle daemon does not read
// the history.
bool GateDuty::MayBeOpen(const View& view) const {
  return rules_.health().watch > absl::ZeroDuration() &&
         (first_ || EndedOfLate(view.klpx, view.now) ||
          EndedOfLate(view.kernel, view.now));
}

absl::Duration GateDuty::Interval(const View& view) const {
  if (gate_) return kProbeInterval;
  return MayBeOpen(view) ? kLookInterval : kIdleInterval;
}

absl::Status GateDuty::Step(View& view) {
  // The process that started the transition decides while it runs. A gate that
  // is still open afterwards is found again.
  if (view.Moves()) {
    Close();
    return absl::OkStatus();
  }
  if (!gate_) {
    const absl::Status opened = Open(view);
    if (!opened.ok() || !gate_) return opened;
  }
  const HealthVerdict verdict = gate_->Step(view.now);
  if (verdict == HealthVerdict::kWatching) return absl::OkStatus();
  TellVerdict(verdict);
  Close();
  return absl::OkStatus();
}

absl::Status GateDuty::Open(const View& view) {
  if (!MayBeOpen(view) || !Own(supervisor_.ownership)) return absl::OkStatus();
  // Read only after ownership was taken: the previous owner may have closed
  // the gate.
  const absl::StatusOr<std::vector<OpenGate>> gates =
      OpenGates(supervisor_.kernel, supervisor_.recorder);
  if (gates.ok()) first_ = false;
  if (gates.ok() && !gates->empty()) {
    gate_.emplace(GateKeeper{supervisor_.kernel, supervisor_.recorder, boot_},
                  gates->front(), rules_.health());
    return absl::OkStatus();
  }
  Disown(supervisor_.ownership);
  return gates.status();
}

void GateDuty::Close() {
  if (!gate_) return;
  gate_.reset();
  Disown(supervisor_.ownership);
}

void GateDuty::TellVerdict(HealthVerdict verdict) {
  const std::string& patch = gate_->gate().patch;
  const JournalFields fields = {{"KLPX_PATCH", patch}};
  if (verdict == HealthVerdict::kPassed) {
    Tell(Message::kGatePassed, absl::StrCat(patch, ": passed the health gate"),
         fields);
  } else if (verdict == HealthVerdict::kExpired) {
    Tell(Message::kGateExpired,
         absl::StrCat(patch, ": the health gate expired unwatched"), fields);
  } else {
    Tell(Message::kGateFailed, gate_->result().message(), fields);
  }
}

}  // namespace klpx
