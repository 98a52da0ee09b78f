// SPDX-License-Identifier: GPL-2.0
// Descriptors 0 to 2.
#include "controller/sys/io/standard_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>

#include "controller/sys/io/errno_status.h"

namespace klpx {

NotingBuffer::int_type NotingBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return 0;
  errno = 0;
  const int_type put = out_->sputc(traits_type::to_char_type(c));
  Note(!traits_type::eq_int_type(put, traits_type::eof()));
  return put;
}

std::streamsize NotingBuffer::xsputn(const char* text, std::streamsize size) {
  errno = 0;
  const std::streamsize put = out_->sputn(text, size);
  Note(put == size);
  return put;
}

int NotingBuffer::sync() {
  errno = 0;
  const int result = out_->pubsync();
  Note(result == 0);
  return result;
}

void NotingBuffer::Note(bool written) {
  if (written || error_number_ != 0) return;
  error_number_ = errno == 0 ? EIO : errno;
}

void HoldStandardFiles() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // open() returns the lowest free descriptor, which is fd. Not O_CLOEXEC:
    // child programs need it, too.
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
