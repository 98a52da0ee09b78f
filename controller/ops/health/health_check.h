// SPDX-License-Identifier: GPL-2.0
// The health check of a patch that has just been enabled: looks at the kernel
// log and runs the probes of the policy file, and disables the patch if they
// fail. It runs in steps, none of which waits, so that the daemon can have it
// among its jobs. The history has the open checks: if the process that runs
// one is killed, the next controller resumes it.
#ifndef KLPX_CONTROLLER_OPS_HEALTH_HEALTH_CHECK_H_
#define KLPX_CONTROLLER_OPS_HEALTH_HEALTH_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/core/policy/health.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/console/console.h"
#include "controller/ops/history/recorder.h"
#include "controller/ops/transition/supervisor.h"
#include "controller/sys/io/command_probe.h"
#include "controller/sys/io/http_probe.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// The check of a patch that has neither passed nor failed yet.
struct OpenHealthCheck {
  int64_t transition = 0;  // its id in the history; 0: it is in none
  std::string patch;
  absl::Duration completed;  // CLOCK_MONOTONIC
  std::string failing;       // why it failed, if it is not yet being disabled
  // The kernel's counters before the enable (kernel_evidence.h), and when they
  // were read; "": not known.
  std::string evidence = {};
  absl::Duration evidence_time = {};
};

// Call it just before a patch is enabled: if the policy has a check that looks
// at the kernel, it reads the kernel's counters for later comparison.
void BeginHealth(Kernel& kernel, Recorder& recorder);

// [health] of the policy file. A mistake in the file is a warning, and no
// check.
HealthPolicy ReadHealthPolicy(Kernel& kernel, Console& console);

// The open checks of this boot, by the history.
absl::StatusOr<std::vector<OpenHealthCheck>> OpenHealthChecks(
    Kernel& kernel, Recorder& recorder);

// What a process needs to run a check.
struct HealthCheckKeeper {
  Kernel& kernel;
  Recorder& recorder;
  const BootFiles& boot;
};

// Runs one check, from its beginning or from where a killed process left it.
class HealthCheckRunner {
 public:
  HealthCheckRunner(const HealthCheckKeeper& keeper,
                    const OpenHealthCheck& check, const HealthPolicy& policy)
      : keeper_(keeper),
        check_(check),
        policy_(policy),
        health_(policy, check.completed) {}

  // Does what is due at `now` (CLOCK_MONOTONIC). kWatching: call it again,
  // about every 100 ms while a probe runs. Any other verdict has been recorded
  // and carried out: after kFailed the patch is being disabled, or result()
  // says why not.
  HealthVerdict Step(absl::Duration now);

  // OK unless the check has failed.
  const absl::Status& result() const { return result_; }
  const OpenHealthCheck& check() const { return check_; }
  absl::Duration end() const { return health_.end(); }

 private:
  void ReadEvidence();
  std::string KernelTrouble() const;
  void StartProbes(absl::Duration now);
  void PollCommand(absl::Duration now);
  void PollHttp(absl::Duration now);
  HealthVerdict Conclude(HealthVerdict verdict);
  HealthVerdict TakeOut();

  HealthCheckKeeper keeper_;
  OpenHealthCheck check_;
  HealthPolicy policy_;
  HealthCheck health_;
  std::optional<CommandProbe> command_;
  std::optional<HttpProbe> http_;
  absl::Duration probes_started_;
  bool in_round_ = false;
  std::string complaint_;  // what the current round has found
  absl::Status result_;
};

// Runs the check to its end. enable and wait call it when a patch has become
// enabled. OK with a text for the result ("" if there is no check); kReversed
// with the reason if the check failed. Without a history a check is run only if
// this process has seen the completion (`completed_now`): a patch that was
// enabled long ago must not be put on trial again. Does nothing unless root.
absl::StatusOr<std::string> AwaitHealth(const Supervisor& supervisor,
                                        const BootFiles& boot,
                                        const std::string& patch,
                                        bool completed_now);

// Records that the check is skipped, and why.
void SkipHealth(const Supervisor& supervisor, const std::string& patch,
                absl::string_view why);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HEALTH_HEALTH_CHECK_H_
