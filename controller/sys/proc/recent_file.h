// SPDX-License-Identifier: GPL-2.0
// Watches the engine's list of recent transitions: klpx.ko wakes the processes
// that poll it when a transition starts, is reversed or ends.
#ifndef KLPX_CONTROLLER_SYS_PROC_RECENT_FILE_H_
#define KLPX_CONTROLLER_SYS_PROC_RECENT_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

// An open sysfs file does not keep klpx.ko from being unloaded.
class RecentFile {
 public:
  // The current text; kNotFound while klpx.ko is not loaded. Works on when
  // klpx.ko is loaded again.
  absl::StatusOr<std::string> Read();

  // For poll(2): POLLPRI when the text has changed since it was read. -1 while
  // klpx.ko is not loaded.
  int fd() const { return file_.get(); }

 private:
  UniqueFd file_{-1};
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_RECENT_FILE_H_
