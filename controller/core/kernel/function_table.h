// SPDX-License-Identifier: GPL-2.0
// Where the functions of the running kernel are, with the cold ranges that the
// compiler moved away and its renamed copies, by /proc/kallsyms. Text in,
// addresses out. The cold ranges of a function follow the engine's rule
// (kmod/cold_ranges.h): those of all functions that share one of its names
// within its object.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_FUNCTION_TABLE_H_
#define KLPX_CONTROLLER_CORE_KERNEL_FUNCTION_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "controller/core/kernel/file_parsers.h"

namespace klpx {

// Ends at the next symbol, so it includes the padding after a function.
struct AddressRange {
  uint64_t start;
  uint64_t end;
};

struct FunctionPlaces {
  std::vector<AddressRange> bodies;   // in the order of sympos
  std::vector<AddressRange> parts;    // cold ranges, see above
  std::vector<std::string> variants;  // "do_open.isra.0"; no cold ranges
};

// Addresses that the kernel hides (kptr_restrict) are left out.
using FunctionTable = absl::flat_hash_map<FunctionKey, FunctionPlaces>;
FunctionTable FindFunctions(absl::string_view kallsyms,
                            const FunctionSet& wanted);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_FUNCTION_TABLE_H_
