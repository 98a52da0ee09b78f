// SPDX-License-Identifier: GPL-2.0
// Takes care of descriptors 0 to 2 when a process starts and when it ends.
#ifndef KLPX_CONTROLLER_SYS_IO_STANDARD_FILES_H_
#define KLPX_CONTROLLER_SYS_IO_STANDARD_FILES_H_

#include <streambuf>

#include "absl/status/status.h"

namespace klpx {

// Forwards to another buffer, which must outlive it, and keeps the errno of the
// first write that failed: later, errno may be that of another call.
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

// Opens those that are closed, so that no file that is opened later gets their
// numbers. Writing to them fails.
void HoldStandardFiles();

// Checks that everything written to stdout has arrived: some file systems
// report a full disk or a full server only when a descriptor is closed.
// `error_number` is the errno of an earlier write that failed, or 0.
absl::Status CheckStandardOutput(int error_number);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_STANDARD_FILES_H_
