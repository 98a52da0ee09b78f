// SPDX-License-Identifier: GPL-2.0
// The health check: when a patch passes or fails.
#include "controller/core/policy/health.h"

#include <algorithm>

namespace klpx {

std::optional<std::string> OpenHealthCheckFailure(
    const std::vector<HistoryEvent>& events) {
  std::string failing;
  for (const HistoryEvent& event : events) {
    const bool over = event.kind == kGateFailed || event.kind == kGatePassed ||
                      event.kind == kGateSkipped || event.kind == kGateExpired;
    if (over) return std::nullopt;
    if (event.kind == kGateFailing) failing = event.text;
  }
  return failing;
}

bool HealthCheck::StartRound(absl::Duration now) {
  if (in_round_ || At(now) != HealthVerdict::kWatching) return false;
  // The last round is due at the end of the check, not before.
  const absl::Duration due =
      started_ ? std::min(*started_ + policy_.every, end()) : completed_;
  if (now < due) return false;
  in_round_ = true;
  started_ = now;
  return true;
}

void HealthCheck::EndRound(absl::string_view complaint, absl::Duration now) {
  in_round_ = false;
  if (reason_.empty()) reason_ = std::string(complaint);
  if (complaint.empty()) passed_ = started_.value_or(now);
}

HealthVerdict HealthCheck::At(absl::Duration now) const {
  if (!reason_.empty()) return HealthVerdict::kFailed;
  if (passed_ && *passed_ >= end()) return HealthVerdict::kPassed;
  // A controller may take over a little late, if the one before was killed.
  const absl::Duration latest = end() + policy_.every + policy_.limit;
  if (!in_round_ && !started_ && now > latest) return HealthVerdict::kExpired;
  return HealthVerdict::kWatching;
}

}  // namespace klpx
