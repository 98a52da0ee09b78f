// SPDX-License-Identifier: GPL-2.0
// When something that is done again and again is due. Time is a parameter.
#ifndef KLPX_CONTROLLER_CORE_BASE_DUTY_TIMER_H_
#define KLPX_CONTROLLER_CORE_BASE_DUTY_TIMER_H_

#include <algorithm>

#include "absl/time/time.h"

namespace klpx {

class DutyTimer {
 public:
  static constexpr absl::Duration kFirstRetry = absl::Seconds(1);
  static constexpr absl::Duration kLongestRetry = absl::Seconds(60);
  // One that takes long comes less often: a fifth of the time at most is its.
  static constexpr int kRestFactor = 4;

  // Something has changed: due before the interval is over, but not before a
  // rest or a retry is. Holds until it is done.
  void Changed() { changed_ = true; }

  // At first, and after a failure when the retry's time has come. An interval
  // that has become shorter counts at once.
  bool IsDue(absl::Duration now, absl::Duration interval) const {
    return now >= NextAt(interval);
  }

  absl::Duration NextAt(absl::Duration interval) const {
    if (retry_ > absl::ZeroDuration()) return done_ + retry_;
    const absl::Duration wait = changed_ ? absl::ZeroDuration() : interval;
    return done_ + std::max(wait, took_ * kRestFactor);
  }

  void Succeeded(absl::Duration now, absl::Duration took) {
    done_ = now;
    took_ = took;
    retry_ = absl::ZeroDuration();
    changed_ = false;
  }

  // Later and later. True: for the first time, so worth saying.
  bool Failed(absl::Duration now) {
    const bool first = retry_ == absl::ZeroDuration();
    done_ = now;
    retry_ = first ? kFirstRetry : std::min(retry_ * 2, kLongestRetry);
    return first;
  }

 private:
  absl::Duration done_ = -absl::InfiniteDuration();
  absl::Duration took_;
  absl::Duration retry_;
  bool changed_ = false;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_DUTY_TIMER_H_
