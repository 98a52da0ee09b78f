// SPDX-License-Identifier: GPL-2.0
// A file that others read while it is written: they see the old one or the new
// one, whole, also if the writer is killed.
#ifndef KLPX_CONTROLLER_SYS_REPLACE_FILE_H_
#define KLPX_CONTROLLER_SYS_REPLACE_FILE_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace klpx {

// What is written to first has a name that begins with a dot, in the same
// directory; it is removed if the rest fails.
absl::Status ReplaceFile(const std::string& path, absl::string_view contents,
                         mode_t mode);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_REPLACE_FILE_H_
