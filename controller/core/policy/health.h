// SPDX-License-Identifier: GPL-2.0
// The health check: how long a newly enabled patch is monitored, by which
// probes, and when it passes or fails. Pure: time and probe results are
// parameters; ops/health/health_check.h runs the probes and acts.
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
  absl::Duration watch;  // zero: there is no check
  absl::Duration every = absl::Seconds(5);
  absl::Duration limit = absl::Seconds(10);  // of one probe
  bool kernel_log = true;
  std::vector<std::string> command;  // empty: none
  std::optional<HttpUrl> http;
  bool accept = false;  // accept a patch that has passed
};

enum class HealthVerdict { kWatching, kPassed, kFailed, kExpired };

// The state of a check by its recorded events: why the patch failed, if a
// controller decided that but did not get to act on it; "" if the check is
// open. Nothing if the check is over.
std::optional<std::string> OpenHealthCheckFailure(
    const std::vector<HistoryEvent>& events);

// One check over time (CLOCK_MONOTONIC).
class HealthCheck {
 public:
  HealthCheck(const HealthPolicy& policy, absl::Duration completed)
      : policy_(policy), completed_(completed) {}

  // Is it time to read the log and run the probes? True once per round, and not
  // while the previous round still runs.
  bool StartRound(absl::Duration now);
  // The result of the round; "" if all is well.
  void EndRound(absl::string_view complaint, absl::Duration now);

  HealthVerdict At(absl::Duration now) const;
  const std::string& reason() const { return reason_; }
  absl::Duration end() const { return completed_ + policy_.watch; }

 private:
  HealthPolicy policy_;
  absl::Duration completed_;
  std::optional<absl::Duration> started_;  // the last round
  std::optional<absl::Duration> passed_;   // the start of the last good one
  bool in_round_ = false;
  std::string reason_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_HEALTH_H_
