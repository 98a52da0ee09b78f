// SPDX-License-Identifier: GPL-2.0
// How fast a transition progresses.
#include "controller/view/pace.h"

namespace klpx {
namespace {

constexpr int64_t kWindowNs = INT64_C(10) * 1000 * 1000 * 1000;
constexpr int64_t kShortestNs = INT64_C(500) * 1000 * 1000;

}  // namespace

void Pace::Note(const std::string& transition, int64_t now_ns,
                uint64_t pending) {
  const bool backwards = !points_.empty() && now_ns < points_.back().time_ns;
  if (transition != transition_ || backwards) points_.clear();
  transition_ = transition;
  points_.push_back({now_ns, pending});
  // Keep the last point at or before the start of the window: it is the start
  // of the measurement.
  while (points_.size() > 2 && now_ns - points_[1].time_ns >= kWindowNs) {
    points_.pop_front();
  }
}

std::optional<double> Pace::Rate() const {
  if (points_.size() < 2) return std::nullopt;
  const int64_t ns = points_.back().time_ns - points_.front().time_ns;
  if (ns < kShortestNs) return std::nullopt;
  const uint64_t before = points_.front().pending;
  const uint64_t now = points_.back().pending;
  // Forks may add more tasks than switch.
  if (now >= before) return 0;
  return static_cast<double>(before - now) * 1e9 / static_cast<double>(ns);
}

std::optional<absl::Duration> Pace::Estimate() const {
  const std::optional<double> rate = Rate();
  if (!rate || *rate <= 0) return std::nullopt;
  return absl::Seconds(static_cast<double>(points_.back().pending) / *rate);
}

}  // namespace klpx
