// SPDX-License-Identifier: GPL-2.0
// Polls at the machine: the engines' memory, their patches, the tasks that
// block. Without a transition a poll reads one small file, and two for each
// patch of the kernel's own livepatch.
#ifndef KLPX_CONTROLLER_DAEMON_POLLER_H_
#define KLPX_CONTROLLER_DAEMON_POLLER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/base/task_key.h"
#include "controller/daemon/machine_state.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/bpf/function_places.h"
#include "controller/sys/proc/kernel.h"
#include "controller/sys/proc/recent_file.h"

namespace klpx {

class Poller {
 public:
  Poller(Kernel& kernel, ObserverAccess& observer)
      : kernel_(kernel), observer_(observer) {}

  void Poll(MachineState& machine);

  // For poll(2), POLLPRI; -1 if there is nothing to poll.
  int fd() const { return recent_.fd(); }

 private:
  // Facts read once per blocking task: they cost much more than a poll.
  struct Known {
    std::string cgroup;
    std::string cmdline;
    std::optional<uint32_t> uid;
    std::string user;
    std::vector<std::string> stack;
    absl::Duration stack_read;
    bool seen = false;  // in this poll
  };

  // Reads the running and recent transitions; true if they have changed.
  bool ReadTransitions(MachineState& machine);
  void ReadPatches(MachineState& machine);
  void Observe(MachineState& machine);
  void ReadBlockers(MachineState& machine);
  absl::Status Attach(const MachineState& machine);
  void AddFacts(const MachineState& machine, std::vector<Blocker>& blockers);

  Kernel& kernel_;
  ObserverAccess& observer_;
  RecentFile recent_;
  FunctionPlacesReader places_;
  std::string recent_text_;
  std::unique_ptr<BlockerSource> source_;
  std::map<klpx_task_key, Known> known_;
  absl::Duration patches_read_ = -absl::InfiniteDuration();
  absl::Duration changed_ = -absl::InfiniteDuration();
  absl::Duration observed_ = -absl::InfiniteDuration();
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_POLLER_H_
