// SPDX-License-Identifier: GPL-2.0
// The ways in which users name a patch (module name or path of its file, with
// '-' or '_'), and the module name that results.
#ifndef KLPX_CONTROLLER_CORE_BASE_PATCH_NAME_H_
#define KLPX_CONTROLLER_CORE_BASE_PATCH_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

// What modules_install and DKMS append to ".ko" when they compress.
inline constexpr absl::string_view kCompressedSuffixes[] = {"", ".xz", ".zst",
                                                            ".gz"};

// True for "x.ko", compressed or not.
bool IsModuleFile(absl::string_view path);

// True for a file rather than a name: anything with a slash, and module files.
bool IsPath(absl::string_view argument);

// "dir/a-fix.ko", "a-fix.ko.xz", "a-fix" and "a_fix" are all "a_fix".
std::string ModuleName(absl::string_view argument);

// Letters, digits and underscores, and short enough for a kernel module. Only a
// valid name is ever used as a part of a path.
bool IsValidModuleName(absl::string_view name);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_PATCH_NAME_H_
