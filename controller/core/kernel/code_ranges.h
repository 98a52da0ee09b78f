// SPDX-License-Identifier: GPL-2.0
// Which function the code at an address belongs to, among the functions that
// matter. The engine's own sets of ranges (kmod/pure/ranges.h), so that a
// forecast finds on a stack what the engine finds there.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_CODE_RANGES_H_
#define KLPX_CONTROLLER_CORE_KERNEL_CODE_RANGES_H_

#include <cstdint>
#include <vector>

#include "controller/core/kernel/function_table.h"
#include "kmod/pure/ranges.h"

namespace klpx {

template <typename Function>
class CodeRanges {
 public:
  // The functions, each with its AddressRange `range`, must outlive this.
  explicit CodeRanges(const std::vector<Function>& functions) {
    ranges_.reserve(functions.size());
    for (const Function& function : functions) {
      ranges_.push_back({function.range.start, function.range.end, &function});
    }
    ranges_.resize(klpx_ranges_build(ranges_.data(), ranges_.size()));
  }

  // Null if it belongs to none of them.
  const Function* Find(uint64_t address) const {
    const klpx_range* found =
        klpx_ranges_find(ranges_.data(), ranges_.size(), address);
    if (found == nullptr) return nullptr;
    return static_cast<const Function*>(found->owner);
  }

  // The same for the innermost of these addresses that belongs to one.
  const Function* FindFirst(const std::vector<uint64_t>& addresses) const {
    for (const uint64_t address : addresses) {
      const Function* found = Find(address);
      if (found != nullptr) return found;
    }
    return nullptr;
  }

 private:
  std::vector<klpx_range> ranges_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_CODE_RANGES_H_
