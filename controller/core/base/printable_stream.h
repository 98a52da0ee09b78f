// SPDX-License-Identifier: GPL-2.0
// The one sink for what goes to a terminal: whatever a process, a file or the
// kernel has put into a string, only printable ASCII, line ends and tabs come
// out of it. What drives the terminal on purpose says so, by Raw().
#ifndef KLPX_CONTROLLER_CORE_BASE_PRINTABLE_STREAM_H_
#define KLPX_CONTROLLER_CORE_BASE_PRINTABLE_STREAM_H_

#include <ostream>
#include <streambuf>

#include "absl/strings/string_view.h"

namespace klpx {

// Hands on to another buffer, which has to live longer.
class PrintableBuffer final : public std::streambuf {
 public:
  explicit PrintableBuffer(std::streambuf* out) : out_(out) {}

  // As it is.
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

// Our own escape sequences, past the sink if the stream has one.
void Raw(std::ostream& out, absl::string_view sequence);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_PRINTABLE_STREAM_H_
