// SPDX-License-Identifier: GPL-2.0
// Suggests names for a function that the kernel does not have.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_CLOSE_NAMES_H_
#define KLPX_CONTROLLER_CORE_KERNEL_CLOSE_NAMES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "controller/core/kernel/file_parsers.h"

namespace klpx {

// A few names, the likeliest first: the same name in another object ("name of
// module 'ext4'"), wrappers of a system call and other names around the same
// core, then names that differ by a typing mistake.
using CloseNames = absl::flat_hash_map<FunctionKey, std::vector<std::string>>;
CloseNames FindCloseNames(absl::string_view kallsyms,
                          const FunctionSet& unknown);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_CLOSE_NAMES_H_
