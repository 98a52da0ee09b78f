// SPDX-License-Identifier: GPL-2.0
// Replaces a file that other processes may be reading: they see the whole old
// file or the whole new one, even if the writer is killed.
#ifndef KLPX_CONTROLLER_SYS_IO_REPLACE_FILE_H_
#define KLPX_CONTROLLER_SYS_IO_REPLACE_FILE_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace klpx {

struct NewFile {
  mode_t mode = 0600;
  std::string group = {};  // if this group exists, it may read the file, too
  bool durable = false;    // fsync the content before the rename
};

// Writes a temporary file in the same directory first (".NAME.XXXXXX", a
// different one for each writer), then renames it; removes it if that fails.
absl::Status ReplaceFile(const std::string& path, absl::string_view contents,
                         const NewFile& how);

// Removes the temporary files that killed writers have left. Only for a file
// that has one writer.
void RemoveStrays(const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_REPLACE_FILE_H_
