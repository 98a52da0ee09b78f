// SPDX-License-Identifier: GPL-2.0
// How fast a transition goes, and when it may be over. Time is a parameter.
#ifndef KLPX_CONTROLLER_VIEW_PACE_H_
#define KLPX_CONTROLLER_VIEW_PACE_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace klpx {

// Of one transition in one direction. Looks back over the last ten seconds: a
// transition starts with thousands of tasks in a moment and ends with one that
// does not move, and the rate from its start would promise an end for ever.
class Pace {
 public:
  // What is left to switch, at a moment of CLOCK_MONOTONIC. `transition` names
  // it; another name, or a clock that goes back, starts afresh.
  void Note(const std::string& transition, int64_t now_ns, uint64_t pending);

  // Tasks a second; nothing before there have been two looks half a second
  // apart.
  std::optional<double> Rate() const;

  // Until nothing is left at that rate; nothing if there is no end in sight.
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
