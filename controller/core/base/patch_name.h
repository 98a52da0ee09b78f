// SPDX-License-Identifier: GPL-2.0
// What a user may write for a patch (module name or path of its file, '-' or
// '_') and the module name it stands for.
#ifndef KLPX_CONTROLLER_CORE_BASE_PATCH_NAME_H_
#define KLPX_CONTROLLER_CORE_BASE_PATCH_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

// Behind ".ko": what modules_install and DKMS add where they compress.
inline constexpr absl::string_view kCompressedSuffixes[] = {"", ".xz", ".zst",
                                                            ".gz"};

// True for "x.ko", compressed or not.
bool IsModuleFile(absl::string_view path);

// True for anything with a slash, and for a module file: a file, not a name.
bool IsPath(absl::string_view argument);

// "dir/a-fix.ko", "a-fix.ko.xz", "a-fix" and "a_fix" are all "a_fix".
std::string ModuleName(absl::string_view argument);

// Letters, digits and underscores, and short enough for a kernel module. What
// is not valid is never used as a part of a path.
bool IsValidModuleName(absl::string_view name);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_PATCH_NAME_H_
