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

absl::Status CheckStandardOutput() {
  errno = 0;
  std::cout.flush();
  const bool flushed = std::fflush(stdout) == 0;
  int error_number = errno;
  bool failed = !flushed || !std::cout || std::ferror(stdout) != 0;
  if (!failed) {
    const int copy = dup(STDOUT_FILENO);
    failed = copy < 0 || close(copy) != 0;
    error_number = errno;
  }
  if (!failed) return absl::OkStatus();
  // What failed may have done so before, when the buffer was full.
  return ErrnoError(error_number == 0 ? EIO : error_number,
                    "write standard output");
}

}  // namespace klpx
