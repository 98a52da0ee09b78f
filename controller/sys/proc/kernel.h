// SPDX-License-Identifier: GPL-2.0
// Everything the controller asks of a running kernel, as few verbs as will do.
// LinuxKernel asks the real one; FakeKernel (tests) plays it.
#ifndef KLPX_CONTROLLER_SYS_PROC_KERNEL_H_
#define KLPX_CONTROLLER_SYS_PROC_KERNEL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/model.h"

namespace klpx {

// Errors carry the errno of the system call (errno_status.h).
class Kernel {
 public:
  virtual ~Kernel() = default;

  // The whole file, also of files that say they are empty (sysfs, proc).
  // EFBIG for one that is longer than any module; kNotAModule for what
  // would be waited for, or never ends: a FIFO, a device.
  virtual absl::StatusOr<std::string> ReadFile(const std::string& path) = 0;
  // The same of a file that should be a module, compressed or not. Of one that
  // does not begin like that only the beginning: whoever parses it says so.
  virtual absl::StatusOr<std::string> ReadModule(const std::string& path) = 0;
  // One write(2) to a file that exists: what a sysfs attribute wants.
  virtual absl::Status WriteFile(const std::string& path,
                                 absl::string_view value) = 0;
  // Names in a directory, sorted, without "." and "..".
  virtual absl::StatusOr<std::vector<std::string>> ListDirectory(
      const std::string& path) = 0;
  virtual bool Exists(const std::string& path) = 0;

  // Can only root have put this file there, through directories that only
  // root can change? The error says what is wrong, and with which of them.
  virtual absl::Status CheckTrusted(const std::string& path) = 0;

  // Loads a module, not compressed, from memory: what was checked is what goes
  // in, whatever becomes of the file. The path is for the error.
  virtual absl::Status LoadModule(const std::string& path,
                                  absl::string_view module) = 0;
  // Fails with EWOULDBLOCK while the module is in use.
  virtual absl::Status UnloadModule(const std::string& name) = 0;
  // The records of /dev/kmsg; empty if it cannot be read.
  virtual std::string ReadKernelLog() = 0;

  virtual bool IsRoot() = 0;
  virtual Host ReadHost() = 0;

  virtual absl::Duration Monotonic() = 0;
  // Returns early when the user has asked to stop.
  virtual void Sleep(absl::Duration duration) = 0;
  // Has the user asked to stop (SIGINT, SIGTERM)?
  virtual bool Interrupted() = 0;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_KERNEL_H_
