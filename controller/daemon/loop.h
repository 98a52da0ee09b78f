// SPDX-License-Identifier: GPL-2.0
// The daemon's one loop: poll, do what is due, sleep until something happens.
#ifndef KLPX_CONTROLLER_DAEMON_LOOP_H_
#define KLPX_CONTROLLER_DAEMON_LOOP_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "controller/core/base/job_timer.h"
#include "controller/daemon/job.h"
#include "controller/daemon/notify.h"
#include "controller/daemon/poller.h"
#include "controller/daemon/rules.h"
#include "controller/ops/kernel/machine.h"
#include "controller/sys/io/unique_fd.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

class Loop {
 public:
  // Takes SIGTERM, SIGINT and SIGHUP for itself.
  static absl::StatusOr<std::unique_ptr<Loop>> Create(const Machine& machine,
                                                      Rules& rules);

  // Jobs are called in the order in which they were added.
  void Add(std::unique_ptr<Job> job);

  // Runs until SIGTERM or SIGINT.
  absl::Status Run();

 private:
  struct Planned {
    std::unique_ptr<Job> job;
    JobTimer timer;
    std::string trouble = {};  // "" if the last call succeeded
  };

  Loop(const Machine& machine, Rules& rules, UniqueFd signals)
      : kernel_(machine.kernel),
        rules_(rules),
        poller_(machine.kernel, machine.observer),
        signals_(std::move(signals)) {}

  void RunJobs(bool changed);
  void Do(Planned& planned);
  void SendStatus();
  // What a received signal asks for.
  enum class Asked { kNothing, kReload, kStop };
  absl::Duration NextWake() const;
  absl::StatusOr<Asked> Wait();
  void Reload();

  Kernel& kernel_;
  Rules& rules_;
  Poller poller_;
  MachineState machine_;
  ServiceManager manager_;
  UniqueFd signals_;
  std::vector<Planned> jobs_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_LOOP_H_
