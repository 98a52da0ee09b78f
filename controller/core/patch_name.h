// SPDX-License-Identifier: GPL-2.0
// What a user may write for a patch (module name or .ko path, '-' or '_') and
// the module name it stands for.
#ifndef KLPX_CONTROLLER_CORE_PATCH_NAME_H_
#define KLPX_CONTROLLER_CORE_PATCH_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

// True for anything with a slash or the suffix .ko: a file, not a name.
bool IsPath(absl::string_view argument);

// "dir/a-fix.ko", "a-fix" and "a_fix" are all "a_fix".
std::string ModuleName(absl::string_view argument);

// Letters, digits and underscores, and short enough for a kernel module. What
// is not valid is never used as a part of a path.
bool IsValidModuleName(absl::string_view name);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_NAME_H_
