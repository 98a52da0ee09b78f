// SPDX-License-Identifier: GPL-2.0
// Everything the controller asks of a running kernel, in as few functions as
// possible. LinuxKernel asks the real kernel; FakeKernel (tests) simulates one.
#ifndef KLPX_CONTROLLER_SYS_PROC_KERNEL_H_
#define KLPX_CONTROLLER_SYS_PROC_KERNEL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/machine.h"

namespace klpx {

// Errors carry the errno of the system call (errno_status.h).
class Kernel {
 public:
  virtual ~Kernel() = default;

  // Reads the whole file, even if its size says that it is empty (sysfs, proc).
  // EFBIG if it is longer than any module; kNotAModule for a FIFO or a device,
  // which would block or never end.
  virtual absl::StatusOr<std::string> ReadFile(const std::string& path) = 0;
  // The same for a file that should be a module, compressed or not. If it does
  // not begin like one, returns only the beginning; the parser then reports
  // that.
  virtual absl::StatusOr<std::string> ReadModule(const std::string& path) = 0;
  // Makes one write(2) to an existing file, as sysfs attributes require.
  virtual absl::Status WriteFile(const std::string& path,
                                 absl::string_view value) = 0;
  // Names in a directory, sorted, without "." and "..".
  virtual absl::StatusOr<std::vector<std::string>> ListDirectory(
      const std::string& path) = 0;
  virtual bool Exists(const std::string& path) = 0;
  // Is the last component of the path a symbolic link?
  virtual bool IsSymlink(const std::string& path) = 0;

  // OK if only root can have put this file there, and only root can change the
  // directories on its path. The error names the path that is wrong, and why.
  virtual absl::Status CheckTrusted(const std::string& path) = 0;

  // Loads an uncompressed module from memory, so that the bytes that were
  // checked are the bytes that are loaded, even if the file changes. The path
  // is for the error.
  virtual absl::Status LoadModule(const std::string& path,
                                  absl::string_view module) = 0;
  // Fails with EWOULDBLOCK while the module is in use.
  virtual absl::Status UnloadModule(const std::string& name) = 0;
  // The records of /dev/kmsg; empty if it cannot be read.
  virtual std::string ReadKernelLog() = 0;

  virtual bool IsRoot() = 0;
  virtual Host ReadHost() = 0;

  virtual absl::Duration Monotonic() = 0;
  // Sleeps; returns early when the user has asked to stop.
  virtual void Sleep(absl::Duration duration) = 0;
  // Has the user asked to stop (SIGINT, SIGTERM)?
  virtual bool Interrupted() = 0;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_KERNEL_H_
