// SPDX-License-Identifier: GPL-2.0
// The kernel this process runs on.
#ifndef KLPX_CONTROLLER_SYS_PROC_LINUX_KERNEL_H_
#define KLPX_CONTROLLER_SYS_PROC_LINUX_KERNEL_H_

#include <string>
#include <vector>

#include "controller/sys/proc/kernel.h"

namespace klpx {

class LinuxKernel final : public Kernel {
 public:
  absl::StatusOr<std::string> ReadFile(const std::string& path) override;
  absl::StatusOr<std::string> ReadModule(const std::string& path) override;
  absl::Status WriteFile(const std::string& path,
                         absl::string_view value) override;
  absl::StatusOr<std::vector<std::string>> ListDirectory(
      const std::string& path) override;
  bool Exists(const std::string& path) override;
  bool IsSymlink(const std::string& path) override;
  absl::Status CheckTrusted(const std::string& path) override;
  absl::Status LoadModule(const std::string& path,
                          absl::string_view module) override;
  absl::Status UnloadModule(const std::string& name) override;
  std::string ReadKernelLog() override;
  bool IsRoot() override;
  Host ReadHost() override;
  absl::Duration Monotonic() override;
  void Sleep(absl::Duration duration) override;
  bool Interrupted() override;
};

// After this call SIGINT and SIGTERM make Interrupted() true instead of ending
// the process, so that a wait can report the state of the transition.
void CatchInterrupts();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_LINUX_KERNEL_H_
