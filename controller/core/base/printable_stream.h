// SPDX-License-Identifier: GPL-2.0
// The one sink for terminal output. Strings may come from a process, a file or
// the kernel; only printable ASCII, line ends and tabs pass. Code that drives
// the terminal on purpose uses Raw().
#ifndef KLPX_CONTROLLER_CORE_BASE_PRINTABLE_STREAM_H_
#define KLPX_CONTROLLER_CORE_BASE_PRINTABLE_STREAM_H_

#include <ostream>
#include <streambuf>

#include "absl/strings/string_view.h"

namespace klpx {

// Forwards to another buffer, which must outlive it.
class PrintableBuffer final : public std::streambuf {
 public:
  explicit PrintableBuffer(std::streambuf* out) : out_(out) {}

  // Passes the text unchanged.
  void PutRaw(absl::string_view text) {
    out_->sputn(text.data(), static_cast<std::streamsize>(text.size()));
  }

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override { return out_->pubsync(); }

 private:
  std::streambuf* out_;
};

// Writes our own escape sequences, bypassing the sink if there is one.
void Raw(std::ostream& out, absl::string_view sequence);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_PRINTABLE_STREAM_H_
