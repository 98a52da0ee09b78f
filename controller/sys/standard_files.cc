// SPDX-License-Identifier: GPL-2.0
// Descriptors 0 to 2.
#include "controller/sys/standard_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>

#include "controller/sys/errno_status.h"

namespace klpx {

void HoldStandardFiles() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest one that is free is this one. Not O_CLOEXEC: it is there for
    // programs that are started, too.
    if (open("/dev/null", O_RDONLY) < 0) return;
  }
}

absl::Status CheckStandardOutput(int error_number) {
  errno = 0;
  std::cout.flush();
  bool failed = std::fflush(stdout) != 0 || !std::cout ||
                std::ferror(stdout) != 0 || error_number != 0;
  if (!failed) {
    const int copy = dup(STDOUT_FILENO);
    failed = copy < 0 || close(copy) != 0;
  }
  if (!failed) return absl::OkStatus();
  if (error_number == 0) error_number = errno == 0 ? EIO : errno;
  return ErrnoError(error_number, "write standard output");
}

}  // namespace klpx
