// SPDX-License-Identifier: GPL-2.0
// Descriptors 0 to 2 at the two ends of a process's life.
#ifndef KLPX_CONTROLLER_SYS_IO_STANDARD_FILES_H_
#define KLPX_CONTROLLER_SYS_IO_STANDARD_FILES_H_

#include <streambuf>

#include "absl/status/status.h"

namespace klpx {

// Hands on to another buffer, which has to live longer, and remembers why the
// first write failed: when it is asked for, errno is another's.
class NotingBuffer final : public std::streambuf {
 public:
  explicit NotingBuffer(std::streambuf* out) : out_(out) {}

  // The errno of the first write that failed, or 0.
  int error_number() const { return error_number_; }

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

 private:
  void Note(bool written);

  std::streambuf* out_;
  int error_number_ = 0;
};

// Those that are closed are taken, so that no file that is opened later becomes
// one of them. What is written there fails.
void HoldStandardFiles();

// Is all that was written to stdout where it should be? Of a full disk, or of a
// file server that is full, some kinds only say so now. `error_number` is that
// of a write that has failed before, or 0.
absl::Status CheckStandardOutput(int error_number);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_STANDARD_FILES_H_
