// SPDX-License-Identifier: GPL-2.0
// The events between two samples. They are derived by comparing the samples,
// not taken from the ring buffer of events: each event there goes to one reader
// only, and that may be the daemon.
#ifndef KLPX_CONTROLLER_VIEW_CHANGES_H_
#define KLPX_CONTROLLER_VIEW_CHANGES_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "controller/view/grid.h"
#include "controller/view/sample.h"

namespace klpx {

struct TopEvent {
  int64_t time_ns = 0;  // CLOCK_MONOTONIC
  std::string text;
  Style style = Style::kPlain;
};

// In order of time. Tasks are named one by one up to a limit, then counted.
std::vector<TopEvent> ChangesOf(const Sample& before, const Sample& after);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_CHANGES_H_
