// SPDX-License-Identifier: GPL-2.0
// Completes the health gates that no other process watches: no process waited
// for the transition, or the one that watched the gate has left or was killed.
#ifndef KLPX_CONTROLLER_DAEMON_GATE_DUTY_H_
#define KLPX_CONTROLLER_DAEMON_GATE_DUTY_H_

#include <optional>
#include <string>

#include "controller/daemon/duty.h"
#include "controller/daemon/rules.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/health/health_gate.h"
#include "controller/ops/transition/supervisor.h"

namespace klpx {

class GateDuty final : public Duty {
 public:
  GateDuty(const Supervisor& supervisor, const BootFiles& boot,
           const Rules& rules)
      : supervisor_(supervisor), boot_(boot), rules_(rules) {}

  absl::string_view name() const override { return "health gate"; }
  absl::Duration Interval(const View& view) const override;
  absl::Status Step(View& view) override;

 private:
  bool MayBeOpen(const View& view) const;
  bool EndedOfLate(const EngineView& part, absl::Duration now) const;
  absl::Status Open(const View& view);
  void Close();
  void TellVerdict(HealthVerdict verdict);

  const Supervisor supervisor_;
  const BootFiles& boot_;
  const Rules& rules_;
  // Until the first look: not every engine remembers what ended before this
  // daemon started.
  bool first_ = true;
  std::optional<GateRunner> gate_;  // set: this process is the owner
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_GATE_DUTY_H_
