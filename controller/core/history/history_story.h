// SPDX-License-Identifier: GPL-2.0
// The story of one transition in plain words: which user wanted what, what
// happened in which order, which tasks blocked and why, and how it ended.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_STORY_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_STORY_H_

#include <string>

#include "controller/core/history/history.h"

namespace klpx {

std::string Story(const TransitionRecord& record);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_STORY_H_
