// SPDX-License-Identifier: GPL-2.0
// One thing that the daemon sees to. The loop calls each duty in the order of
// its list, when its interval is over or something has changed; a duty that
// fails is called again later and later, and the others go on.
#ifndef KLPX_CONTROLLER_DAEMON_DUTY_H_
#define KLPX_CONTROLLER_DAEMON_DUTY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/daemon/view.h"

namespace klpx {

class Duty {
 public:
  virtual ~Duty() = default;

  // What it is to people: "history".
  virtual absl::string_view name() const = 0;

  // Whether or not something has changed, at least this often.
  virtual absl::Duration Interval(const View& view) const = 0;

  // Does what is due at view.now. Must not wait. What it keeps is for speed
  // only: a daemon that starts now has to come to the same decisions.
  virtual absl::Status Step(View& view) = 0;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_DUTY_H_
