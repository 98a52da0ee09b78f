// SPDX-License-Identifier: GPL-2.0
// What happened in the course of a transition, in the order of time: what was
// asked for, which tasks were found in the way, what moved them.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_COURSE_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_COURSE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "controller/core/history/history.h"

namespace klpx {

// The first is mostly the start.
struct CourseLine {
  int64_t time_ns = 0;  // CLOCK_MONOTONIC
  std::string text;
};
std::vector<CourseLine> CourseOf(const TransitionRecord& record);

// The times between the start and the end, or the last that is known, in which
// nothing looked at the transition. Empty if nothing is known of that: records
// of earlier versions do not say.
std::vector<WatchSpan> UnwatchedSpans(const TransitionRecord& record);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_COURSE_H_
