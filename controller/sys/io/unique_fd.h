// SPDX-License-Identifier: GPL-2.0
// The owner of a file descriptor.
#ifndef KLPX_CONTROLLER_SYS_IO_UNIQUE_FD_H_
#define KLPX_CONTROLLER_SYS_IO_UNIQUE_FD_H_

#include <unistd.h>

#include <utility>

namespace klpx {

class UniqueFd {
 public:
  explicit UniqueFd(int fd) : fd_(fd) {}
  ~UniqueFd() {
    if (fd_ >= 0) close(fd_);
  }
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      if (fd_ >= 0) close(fd_);
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  bool ok() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_UNIQUE_FD_H_
