// SPDX-License-Identifier: GPL-2.0
// Looks at the machine: the engines' memory, their patches, the tasks that
// block. Without a transition a look reads one small file, and two for each
// patch of the kernel's own livepatch.
#ifndef KLPX_CONTROLLER_DAEMON_WATCH_H_
#define KLPX_CONTROLLER_DAEMON_WATCH_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/core/base/task_key.h"
#include "controller/daemon/view.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/bpf/function_places.h"
#include "controller/sys/proc/kernel.h"
#include "controller/sys/proc/recent_watch.h"

namespace klpx {

class Watch {
 public:
  Watch(Kernel& kernel, ObserverAccess& observer)
      : kernel_(kernel), observer_(observer) {}

  void Look(View& view);

  // For poll(2), POLLPRI; -1 if there is nothing to poll.
  int fd() const { return recent_.fd(); }

 private:
  // Facts read once per blocking task: they cost much more than a look.
  struct Known {
    std::string cgroup;
    std::string cmdline;
    std::optional<uint32_t> uid;
    std::string user;
    std::vector<std::string> stack;
    absl::Duration stack_read;
    bool seen = false;  // in this look
  };

  // Reads the running and recent transitions; true if they have changed.
  bool ReadTransitions(View& view);
  void ReadPatches(View& view);
  void Observe(View& view);
  void ReadBlockers(View& view);
  absl::Status Attach(const View& view);
  void AddFacts(const View& view, std::vector<Blocker>& blockers);

  Kernel& kernel_;
  ObserverAccess& observer_;
  RecentWatch recent_;
  FunctionPlacesReader places_;
  std::string recent_text_;
  std::unique_ptr<BlockerSource> source_;
  std::map<klpx_task_key, Known> known_;
  absl::Duration patches_read_ = -absl::InfiniteDuration();
  absl::Duration changed_ = -absl::InfiniteDuration();
  absl::Duration observed_ = -absl::InfiniteDuration();
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_WATCH_H_
