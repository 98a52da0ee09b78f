// SPDX-License-Identifier: GPL-2.0
// The health gate: for how long, and by what, a patch that has just gone in is
// watched, and when the verdict on it falls. Pure: the time is told, what was
// seen is told; ops/health/health_gate.h looks and acts.
#ifndef KLPX_CONTROLLER_CORE_POLICY_HEALTH_H_
#define KLPX_CONTROLLER_CORE_POLICY_HEALTH_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/http_text.h"
#include "controller/core/history/history.h"

namespace klpx {

// [health] of the policy file.
struct HealthPolicy {
  absl::Duration watch;  // zero: there is no gate
  absl::Duration every = absl::Seconds(5);
  absl::Duration limit = absl::Seconds(10);  // of one probe
  bool kernel_log = true;
  std::vector<std::string> command;  // empty: none
  std::optional<HttpUrl> http;
  bool accept = false;  // a patch that has passed
};

enum class HealthVerdict { kWatching, kPassed, kFailed, kExpired };

// Why the patch fails, decided by a controller that came no further; "" if
// nothing was decided. Nothing at all if the gate is over.
std::optional<std::string> GateStandsAt(
    const std::vector<HistoryEvent>& events);

// One gate in the course of time (CLOCK_MONOTONIC).
class HealthGate {
 public:
  HealthGate(const HealthPolicy& policy, absl::Duration completed)
      : policy_(policy), completed_(completed) {}

  // Is it time to look, at the log and with the probes? Each look is asked for
  // once. None while the one before is not over.
  bool StartLook(absl::Duration now);
  // How the look has gone; "" is well.
  void EndLook(absl::string_view complaint, absl::Duration now);

  HealthVerdict At(absl::Duration now) const;
  const std::string& reason() const { return reason_; }
  absl::Duration end() const { return completed_ + policy_.watch; }

 private:
  HealthPolicy policy_;
  absl::Duration completed_;
  std::optional<absl::Duration> started_;  // the last look
  std::optional<absl::Duration> passed_;   // the start of one that went well
  bool looking_ = false;
  std::string reason_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_HEALTH_H_
