// SPDX-License-Identifier: GPL-2.0
// Completes the health checks that no other process watches: no process waited
// for the transition, or the one that watched the check has left or was killed.
#ifndef KLPX_CONTROLLER_DAEMON_HEALTH_CHECK_JOB_H_
#define KLPX_CONTROLLER_DAEMON_HEALTH_CHECK_JOB_H_

#include <optional>
#include <string>

#include "controller/daemon/job.h"
#include "controller/daemon/rules.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/health/health_check.h"
#include "controller/ops/transition/supervisor.h"

namespace klpx {

class HealthCheckJob final : public Job {
 public:
  HealthCheckJob(const Supervisor& supervisor, const BootFiles& boot,
                 const Rules& rules)
      : supervisor_(supervisor), boot_(boot), rules_(rules) {}

  absl::string_view name() const override { return "health check"; }
  absl::Duration Interval(const MachineState& machine) const override;
  absl::Status Step(MachineState& machine) override;

 private:
  bool MayBeOpen(const MachineState& machine) const;
  bool EndedOfLate(const EngineState& state, absl::Duration now) const;
  absl::Status Open(const MachineState& machine);
  void Close();
  void LogVerdict(HealthVerdict verdict);

  const Supervisor supervisor_;
  const BootFiles& boot_;
  const Rules& rules_;
  // Until the first poll: not every engine remembers what ended before this
  // daemon started.
  bool first_ = true;
  std::optional<HealthCheckRunner> check_;  // set: this process is the owner
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_HEALTH_CHECK_JOB_H_
