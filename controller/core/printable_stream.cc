// SPDX-License-Identifier: GPL-2.0
// The one sink for what goes to a terminal.
#include "controller/core/printable_stream.h"

#include <algorithm>
#include <cerrno>
#include <string>

namespace klpx {
namespace {

// Bytes above ASCII as well: of a terminal in UTF-8 as in Latin-1 some of them
// are controls (C1) or turn the direction of the text.
char Safe(char c) {
  const unsigned char byte = static_cast<unsigned char>(c);
  const bool kept = c == '\n' || c == '\t' || (byte >= 0x20 && byte < 0x7f);
  return kept ? c : '?';
}

}  // namespace

PrintableBuffer::int_type PrintableBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return 0;
  errno = 0;
  const int_type put = out_->sputc(Safe(traits_type::to_char_type(c)));
  Note(!traits_type::eq_int_type(put, traits_type::eof()));
  return put;
}

std::streamsize PrintableBuffer::xsputn(const char* text,
                                        std::streamsize size) {
  std::string safe(text, static_cast<size_t>(size));
  std::transform(safe.begin(), safe.end(), safe.begin(), Safe);
  errno = 0;
  const std::streamsize put = out_->sputn(safe.data(), size);
  Note(put == size);
  return put;
}

int PrintableBuffer::sync() {
  errno = 0;
  const int result = out_->pubsync();
  Note(result == 0);
  return result;
}

void PrintableBuffer::PutRaw(absl::string_view text) {
  const auto size = static_cast<std::streamsize>(text.size());
  errno = 0;
  Note(out_->sputn(text.data(), size) == size);
}

void PrintableBuffer::Note(bool written) {
  if (written || error_number_ != 0) return;
  error_number_ = errno == 0 ? EIO : errno;
}

void Raw(std::ostream& out, absl::string_view sequence) {
  auto* printable = dynamic_cast<PrintableBuffer*>(out.rdbuf());
  if (printable == nullptr) {
    out << sequence;
    return;
  }
  printable->PutRaw(sequence);
}

}  // namespace klpx
