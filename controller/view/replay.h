// SPDX-License-Identifier: GPL-2.0
// A transition of the past with a clock that can be moved: what the history has
// of it, as looks at the moments between its start and its end.
#ifndef KLPX_CONTROLLER_VIEW_REPLAY_H_
#define KLPX_CONTROLLER_VIEW_REPLAY_H_

#include <vector>

#include "absl/time/time.h"
#include "controller/core/base/model.h"
#include "controller/core/history/history.h"
#include "controller/view/changes.h"
#include "controller/view/sample.h"

namespace klpx {

class Replay {
 public:
  // A record with all that belongs to it.
  Replay(Host host, TransitionRecord record);

  const TransitionRecord& record() const { return record_; }
  absl::Duration length() const { return length_; }
  absl::Duration position() const { return position_; }
  double speed() const { return speed_; }
  bool playing() const { return playing_; }

  // Moves the clock on as this much time goes by outside. It stops at the end.
  void Advance(absl::Duration elapsed);
  // To a moment after the start; not before it, nor behind the end.
  void Seek(absl::Duration position);
  // A step is a twentieth of the whole, forward or back.
  void Step(int steps);
  // At the end it starts over.
  void TogglePlaying();
  // Twice as fast, half as fast; from 1/16 to 1024.
  void Faster();
  void Slower();

  // The look at the clock's moment: those are in the way who were seen there
  // before and after it.
  Sample Look() const;
  // What had happened by then.
  std::vector<Happening> Events() const;

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
