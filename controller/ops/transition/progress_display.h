// SPDX-License-Identifier: GPL-2.0
// Shows the progress of a transition on stderr: on a terminal as one line that
// is overwritten and fits the width, elsewhere as lines at a bounded rate.
// core/transition/progress.h makes the text.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_PROGRESS_DISPLAY_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_PROGRESS_DISPLAY_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/transition/progress.h"
#include "controller/ops/console/console.h"

namespace klpx {

class ProgressDisplay {
 public:
  // `limit` is printed once, before the first line.
  ProgressDisplay(Console& console, std::string limit);
  // Clears the line on a terminal.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void Show(const PatchState& patch, const std::vector<Blocker>& blockers,
            absl::Duration waited);

 private:
  void Overwrite(const Progress& progress);

  Console& console_;
  std::string limit_;
  ProgressPacer pacer_;
  std::string on_screen_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_PROGRESS_DISPLAY_H_
