// SPDX-License-Identifier: GPL-2.0
// The story of one transition in plain words: who wanted what, what happened in
// which order, who was in the way and why, and how it ended.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_STORY_H_
#define KLPX_CONTROLLER_CORE_HISTORY_STORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "controller/core/history.h"

namespace klpx {

// What happened, in the order of time; the first is mostly the start.
struct CourseLine {
  int64_t time_ns = 0;  // CLOCK_MONOTONIC
  std::string text;
};
std::vector<CourseLine> CourseOf(const TransitionRecord& record);

std::string Story(const TransitionRecord& record);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_STORY_H_
