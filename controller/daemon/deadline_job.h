// SPDX-License-Identifier: GPL-2.0
// Acts when a transition that no process waits for is not complete in time.
#ifndef KLPX_CONTROLLER_DAEMON_DEADLINE_JOB_H_
#define KLPX_CONTROLLER_DAEMON_DEADLINE_JOB_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "controller/daemon/job.h"
#include "controller/daemon/rules.h"
#include "controller/ops/history/recorder.h"
#include "controller/ops/transition/supervisor.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

class DeadlineJob final : public Job {
 public:
  // Handles the transitions of one engine, with a recorder of its own.
  DeadlineJob(const Supervisor& supervisor, Engine engine, const Rules& rules)
      : supervisor_(supervisor), engine_(engine), rules_(rules) {}

  absl::string_view name() const override { return "deadline"; }
  absl::Duration Interval(const MachineState& machine) const override;
  absl::Status Step(MachineState& machine) override;

 private:
  absl::Status Act(const EngineState& state, absl::Duration now);
  absl::Status Force(const std::string& patch);
  void WatchReversal(EngineState& state, absl::Duration now);

  const Supervisor supervisor_;
  const Engine engine_;
  const Rules& rules_;
  // Start of the transition that was reported as left alone.
  int64_t left_ns_ = 0;
  // Start of the transition that was last seen reversed.
  int64_t reversal_ns_ = 0;
  uint64_t reversals_ = 0;
  absl::Duration reversed_;  // when it was last reversed
  bool stall_reported_ = false;
};

// Reverses a running transition in the daemon's name and records an event that
// says why; any job may call it. Also kOk if the transition has ended
// meanwhile.
absl::Status ReverseByDaemon(Kernel& kernel, Recorder& recorder,
                             const RecentTransition& running,
                             const std::string& why);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_DEADLINE_JOB_H_
