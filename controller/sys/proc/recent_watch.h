// SPDX-License-Identifier: GPL-2.0
// The engine's memory of its transitions as something that can be waited for:
// klpx.ko wakes who polls it when one starts, turns round or ends.
#ifndef KLPX_CONTROLLER_SYS_PROC_RECENT_WATCH_H_
#define KLPX_CONTROLLER_SYS_PROC_RECENT_WATCH_H_

#include <string>

#include "absl/status/statusor.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

// An open file of klpx.ko's does not keep the module from being unloaded.
class RecentWatch {
 public:
  // The text now; kNotFound while klpx.ko is not loaded. Finds one that was
  // loaded again.
  absl::StatusOr<std::string> Read();

  // For poll(2): POLLPRI when the text has changed since it was read. -1 while
  // there is nothing to wait for.
  int fd() const { return file_.get(); }

 private:
  UniqueFd file_{-1};
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_RECENT_WATCH_H_
