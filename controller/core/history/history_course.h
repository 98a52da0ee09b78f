// SPDX-License-Identifier: GPL-2.0
// What happened during a transition, in the order of time: what was requested,
// which tasks were found blocking, what moved them.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_COURSE_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_COURSE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "controller/core/history/history.h"

namespace klpx {

// The first line usually is the start.
struct CourseLine {
  int64_t time_ns = 0;  // CLOCK_MONOTONIC
  std::string text;
};
std::vector<CourseLine> CourseOf(const TransitionRecord& record);

// The spans between the start and the end (or the last look) in which nothing
// watched the transition. Empty if that is unknown, as in records of earlier
// versions.
std::vector<WatchSpan> UnwatchedSpans(const TransitionRecord& record);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_COURSE_H_
