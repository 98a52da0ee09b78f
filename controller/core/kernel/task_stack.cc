// SPDX-License-Identifier: GPL-2.0
// The words of a stack that may be return addresses.
#include "controller/core/kernel/task_stack.h"

#include <algorithm>
#include <iterator>

namespace klpx {

std::vector<uint64_t> CodeBefore(uint64_t first_frame,
                                 absl::Span<const uint64_t> words,
                                 const AddressRange& code) {
  const auto end = std::find(words.begin(), words.end(), first_frame);
  std::vector<uint64_t> addresses;
  if (end == words.end()) return addresses;
  std::copy_if(
      words.begin(), end, std::back_inserter(addresses),
      [&](uint64_t word) { return word >= code.start && word < code.end; });
  return addresses;
}

}  // namespace klpx
