// SPDX-License-Identifier: GPL-2.0
// A past transition with a clock that can be moved: turns its record in the
// history into samples at any moment between its start and its end.
#ifndef KLPX_CONTROLLER_VIEW_REPLAY_H_
#define KLPX_CONTROLLER_VIEW_REPLAY_H_

#include <vector>

#include "absl/time/time.h"
#include "controller/core/base/machine.h"
#include "controller/core/history/history.h"
#include "controller/view/changes.h"
#include "controller/view/sample.h"

namespace klpx {

class Replay {
 public:
  // The record has to be complete, with its events and blockers.
  Replay(Host host, TransitionRecord record);

  const TransitionRecord& record() const { return record_; }
  absl::Duration length() const { return length_; }
  absl::Duration position() const { return position_; }
  double speed() const { return speed_; }
  bool playing() const { return playing_; }

  // Moves the clock on after this much real time. It stops at the end.
  void Advance(absl::Duration elapsed);
  // Moves the clock to this time after the start, at most to the end.
  void Seek(absl::Duration position);
  // Moves the clock by steps of a twentieth of the whole, forward or back.
  void Step(int steps);
  // At the end, starts again.
  void TogglePlaying();
  // Twice as fast, half as fast; from 1/16 to 1024.
  void Faster();
  void Slower();

  // The sample at the clock's time. It shows as blocking the tasks that were
  // seen blocking both before and after that time.
  Sample TakeSample() const;
  // The events up to the clock's time.
  std::vector<TopEvent> Events() const;

 private:
  int64_t NowNs() const;

  Host host_;
  TransitionRecord record_;
  int64_t start_ns_ = 0;
  absl::Duration length_;
  absl::Duration position_ = absl::ZeroDuration();
  double speed_ = 1;
  bool playing_ = true;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_REPLAY_H_
