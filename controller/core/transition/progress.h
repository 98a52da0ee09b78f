// SPDX-License-Identifier: GPL-2.0
// What to tell the user while a transition runs: one line that shows the
// current state, and when the next line is due. Time is a parameter.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_PROGRESS_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/base/machine.h"

namespace klpx {

struct Progress {
  std::string patch;
  bool patching = true;
  uint64_t tasks = 0;
  uint64_t pending = 0;
  uint64_t elapsed_ms = 0;
  std::vector<Blocker> blockers;
  // False: the engine counts neither tasks nor time. `pending` is then the
  // number of tasks seen, if `looked`.
  bool counts = true;
  bool looked = true;
};

Progress ProgressOf(const PatchState& patch, std::vector<Blocker> blockers);

// "lp: patching 120/123 tasks, 3.20s, left: sh/412 on-function do_sys_poll".
// Threads of one process in one function are named together. The fewer columns,
// the fewer names.
std::string ProgressLine(const Progress& progress,
                         size_t columns = std::string::npos);

// What a waiting verb does when its time is up.
enum class TimeoutAct { kLeave, kReverse, kForce };

// "lp: no time limit (--timeout sets one); ^C leaves it running".
std::string LimitLine(const std::string& patch, absl::Duration timeout,
                      TimeoutAct act);

// "lp: patching complete, 123 tasks in 0.05 s".
std::string CompletionLine(const Progress& progress);

// For output that is not a terminal: a line when something other than the time
// has changed, but at most one per interval, which grows over time; and one per
// kHeartbeat when nothing has changed.
inline constexpr absl::Duration kHeartbeat = absl::Seconds(30);

class ProgressPacer {
 public:
  explicit ProgressPacer(absl::Duration interval) : interval_(interval) {}

  bool IsDue(const Progress& progress, absl::Duration now);

 private:
  absl::Duration IntervalAt(absl::Duration running) const;

  absl::Duration interval_;
  std::optional<absl::Duration> first_;
  std::optional<absl::Duration> last_;
  std::string shown_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_PROGRESS_H_
