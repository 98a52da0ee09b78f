// SPDX-License-Identifier: GPL-2.0
// A file that readers see whole: written beside it, then renamed.
#ifndef KLPX_CONTROLLER_SYS_REPLACE_FILE_H_
#define KLPX_CONTROLLER_SYS_REPLACE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace klpx {

// Readable by root, and by this group where there is one. For one writer: the
// name beside it is always the same, so that a writer that was killed leaves
// one stray file at most, which the next call takes over.
absl::Status ReplaceFile(const std::string& path, absl::string_view text,
                         const std::string& group);

// Takes away what a killed writer left.
void RemoveStray(const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_REPLACE_FILE_H_
