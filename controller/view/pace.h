// SPDX-License-Identifier: GPL-2.0
// How fast a transition progresses, and when it may be complete. Time is a
// parameter.
#ifndef KLPX_CONTROLLER_VIEW_PACE_H_
#define KLPX_CONTROLLER_VIEW_PACE_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace klpx {

// The pace of one transition in one direction, over the last ten seconds. At
// its start a transition switches thousands of tasks at once, and at its end a
// single task may not switch at all: the rate since its start would go on
// predicting an end that does not come.
class Pace {
 public:
  // Adds the number of pending tasks at a time of CLOCK_MONOTONIC.
  // `transition` identifies the transition; another one, or a clock that went
  // back, starts the measurement again.
  void Note(const std::string& transition, int64_t now_ns, uint64_t pending);

  // Tasks per second; nullopt until there are two samples at least half a
  // second apart.
  std::optional<double> Rate() const;

  // Time until no task is pending, at that rate; nullopt if no task switches.
  std::optional<absl::Duration> Estimate() const;

 private:
  struct Point {
    int64_t time_ns = 0;
    uint64_t pending = 0;
  };
  std::string transition_;
  std::deque<Point> points_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_PACE_H_
