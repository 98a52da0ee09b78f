// SPDX-License-Identifier: GPL-2.0
// The lines of /proc/kallsyms, one symbol each. Knows nothing about patches.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_KALLSYMS_H_
#define KLPX_CONTROLLER_CORE_KERNEL_KALLSYMS_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace klpx {

struct KernelSymbol {
  uint64_t address = 0;  // 0: hidden (kptr_restrict)
  bool is_text = false;
  absl::string_view name;
  absl::string_view object;  // kVmlinux or a module
};

// In the order of the list; lines that cannot be parsed are left out.
void ForEachSymbol(absl::string_view kallsyms,
                   absl::FunctionRef<void(const KernelSymbol&)> take);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_KALLSYMS_H_
