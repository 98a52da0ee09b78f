// SPDX-License-Identifier: GPL-2.0
// A lock that one process of this machine has, in a file that says which one.
// The kernel takes it back when the process dies, however that comes about.
#ifndef KLPX_CONTROLLER_SYS_IO_FILE_LOCK_H_
#define KLPX_CONTROLLER_SYS_IO_FILE_LOCK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

class FileLock {
 public:
  // Nothing if another process, or another FileLock of this one, has it. Makes
  // the file and its directory. `what` is what this process does with it.
  static absl::StatusOr<std::optional<FileLock>> Try(const std::string& path,
                                                     absl::string_view what);

  // The same, and waits for whoever has it. kDeadlineExceeded names him.
  static absl::StatusOr<FileLock> Wait(const std::string& path,
                                       absl::string_view what,
                                       absl::Duration timeout);

  // Says in the file what this process does with it, and what it is going to
  // do, for programs to read.
  void Describe(absl::string_view what, absl::string_view plan);

 private:
  explicit FileLock(UniqueFd file) : file_(std::move(file)) {}

  UniqueFd file_;
};

// "process 4711 (wait)": who had it last. For messages only.
std::string LockHolder(const std::string& path);
// What that one has planned; "" if nothing.
std::string LockPlan(const std::string& path);

// Does a process have it now? By /proc/locks, so that nothing is locked to find
// out; nothing if that cannot be told.
std::optional<bool> IsLockHeld(const std::string& path);

// Makes a directory of mode 0755, whatever the umask, unless it is there.
absl::Status MakeRunDirectory(const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_FILE_LOCK_H_
