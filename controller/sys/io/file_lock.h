// SPDX-License-Identifier: GPL-2.0
// A lock that one process of this machine holds at a time, on a file that names
// the process. The kernel releases it when the process exits or is killed.
#ifndef KLPX_CONTROLLER_SYS_IO_FILE_LOCK_H_
#define KLPX_CONTROLLER_SYS_IO_FILE_LOCK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

class FileLock {
 public:
  // Nothing if another process, or another FileLock of this process, holds the
  // lock. Creates the file and its directory. `what` says for what this process
  // needs the lock.
  static absl::StatusOr<std::optional<FileLock>> Try(const std::string& path,
                                                     absl::string_view what);

  // The same, but waits for the process that holds the lock. kDeadlineExceeded
  // names that process.
  static absl::StatusOr<FileLock> Wait(const std::string& path,
                                       absl::string_view what,
                                       absl::Duration timeout);

  // Writes to the file what this process needs the lock for, and what it is
  // going to do, for other processes to read.
  void Describe(absl::string_view what, absl::string_view plan);

 private:
  explicit FileLock(UniqueFd file) : file_(std::move(file)) {}

  UniqueFd file_;
};

// The last process that held the lock, as "process 4711 (wait)". For messages
// only.
std::string LockHolder(const std::string& path);
// What that process plans to do; "" if nothing.
std::string LockPlan(const std::string& path);

// Does a process hold the lock now? Reads /proc/locks, so as not to take the
// lock itself. Nothing if that is not known.
std::optional<bool> IsLockHeld(const std::string& path);

// Creates a directory with mode 0755, whatever the umask, unless it exists.
absl::Status MakeRunDirectory(const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_FILE_LOCK_H_
