// SPDX-License-Identifier: GPL-2.0
// A file that others read while it is written: they see the old one or the new
// one, whole, also if the writer is killed.
#ifndef KLPX_CONTROLLER_SYS_IO_REPLACE_FILE_H_
#define KLPX_CONTROLLER_SYS_IO_REPLACE_FILE_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace klpx {

struct NewFile {
  mode_t mode = 0600;
  std::string group = {};  // where there is such a group, it may read it too
  bool durable = false;    // its bytes are on the disk before it has the name
};

// What is written to first is beside it, with a name (".NAME.XXXXXX") of its
// own for each writer; it is removed if the rest fails.
absl::Status ReplaceFile(const std::string& path, absl::string_view contents,
                         const NewFile& how);

// Takes away what killed writers left. For the only writer of that file.
void RemoveStrays(const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_REPLACE_FILE_H_
