// SPDX-License-Identifier: GPL-2.0
// The one sink for terminal output.
#include "controller/core/base/printable_stream.h"

#include <algorithm>
#include <string>

namespace klpx {
namespace {

// Replaces bytes above ASCII as well: in UTF-8 and in Latin-1 some of them are
// controls (C1) or change the direction of the text.
char Safe(char c) {
  const unsigned char byte = static_cast<unsigned char>(c);
  const bool kept = c == '\n' || c == '\t' || (byte >= 0x20 && byte < 0x7f);
  return kept ? c : '?';
}

}  // namespace

PrintableBuffer::int_type PrintableBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return 0;
  return out_->sputc(Safe(traits_type::to_char_type(c)));
}

std::streamsize PrintableBuffer::xsputn(const char* text,
                                        std::streamsize size) {
  std::string safe(text, static_cast<size_t>(size));
  std::transform(safe.begin(), safe.end(), safe.begin(), Safe);
  return out_->sputn(safe.data(), size);
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
