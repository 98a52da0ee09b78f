// SPDX-License-Identifier: GPL-2.0
// The lines of /proc/kallsyms. There are some hundred thousand, so a line is
// split only as far as it has to be.
#include "controller/core/kernel/kallsyms.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "controller/core/kernel/file_parsers.h"

namespace klpx {
namespace {

constexpr absl::string_view kTextTypes = "tTwW";

std::optional<uint64_t> ParseAddress(absl::string_view digits) {
  uint64_t value = 0;
  for (const char c : digits) {
    if (!absl::ascii_isxdigit(c)) return std::nullopt;
    value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

// "ffffffff81000000 T name" or "ffffffffc0000000 t name\t[module]"
bool ParseLine(absl::string_view line, KernelSymbol& symbol) {
  const size_t space = line.find(' ');
  if (space == absl::string_view::npos || line.size() < space + 4) return false;
  const auto address = ParseAddress(line.substr(0, space));
  if (!address) return false;
  symbol.address = *address;
  symbol.is_text = kTextTypes.find(line[space + 1]) != absl::string_view::npos;
  absl::string_view rest = line.substr(space + 3);
  const size_t tab = rest.find('\t');
  symbol.name = rest.substr(0, tab);
  symbol.object = kVmlinux;
  if (tab == absl::string_view::npos) return true;
  rest.remove_prefix(tab + 1);
  if (absl::ConsumePrefix(&rest, "[")) {
    symbol.object = rest.substr(0, rest.find(']'));
  }
  return true;
}

}  // namespace

void ForEachSymbol(absl::string_view kallsyms,
                   absl::FunctionRef<void(const KernelSymbol&)> take) {
  while (!kallsyms.empty()) {
    const size_t end = kallsyms.find('\n');
    KernelSymbol symbol;
    if (ParseLine(kallsyms.substr(0, end), symbol)) take(symbol);
    kallsyms.remove_prefix(end == absl::string_view::npos ? kallsyms.size()
                                                          : end + 1);
  }
}

}  // namespace klpx
