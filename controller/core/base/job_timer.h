// SPDX-License-Identifier: GPL-2.0
// When a periodic job is due. Time is a parameter.
#ifndef KLPX_CONTROLLER_CORE_BASE_JOB_TIMER_H_
#define KLPX_CONTROLLER_CORE_BASE_JOB_TIMER_H_

#include <algorithm>

#include "absl/time/time.h"

namespace klpx {

class JobTimer {
 public:
  static constexpr absl::Duration kFirstRetry = absl::Seconds(1);
  static constexpr absl::Duration kLongestRetry = absl::Seconds(60);
  // Limits a slow job to 20 % of the time.
  static constexpr int kRestFactor = 4;

  // Makes the job due before its interval is over, but not before a rest or a
  // retry is. Stays in effect until the job has been done.
  void Changed() { changed_ = true; }

  // True at first, and when the interval, or a retry after a failure, is over.
  // A shorter interval takes effect at once.
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

  // Retries are delayed more each time. True if this is the first failure in a
  // row, which is worth a message.
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

#endif  // KLPX_CONTROLLER_CORE_BASE_JOB_TIMER_H_
