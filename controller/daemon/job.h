// SPDX-License-Identifier: GPL-2.0
// One task of the daemon. The loop calls the jobs in the order of its list,
// each when its interval is over or when something has changed. A job that
// fails is retried at growing intervals, and does not stop the others.
#ifndef KLPX_CONTROLLER_DAEMON_JOB_H_
#define KLPX_CONTROLLER_DAEMON_JOB_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/daemon/machine_state.h"

namespace klpx {

class Job {
 public:
  virtual ~Job() = default;

  // The name that messages show: "history".
  virtual absl::string_view name() const = 0;

  // The longest time between two calls, even if nothing has changed.
  virtual absl::Duration Interval(const MachineState& machine) const = 0;

  // Does what is due at machine.now. Must not block. State kept between calls
  // may only save work: a daemon started now has to come to the same decisions.
  virtual absl::Status Step(MachineState& machine) = 0;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_JOB_H_
