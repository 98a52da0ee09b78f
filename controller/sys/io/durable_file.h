// SPDX-License-Identifier: GPL-2.0
// Files that must be whole even if the power fails at any instant, and that
// only root may have written. Errors carry the errno.
#ifndef KLPX_CONTROLLER_SYS_IO_DURABLE_FILE_H_
#define KLPX_CONTROLLER_SYS_IO_DURABLE_FILE_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace klpx {

// Makes the directory and its missing parents; they are on the disk when this
// returns. kFailedPrecondition if the path exists and is not a directory.
absl::Status MakeDirectory(const std::string& path, mode_t mode = 0750);

// Writes to a temporary name first, then renames that over the old file:
// readers see either the old content or the new one, never a part.
absl::Status WriteDurably(const std::string& path, absl::string_view bytes);

// Removes a file for good: it stays removed after a crash. No error if the file
// does not exist.
absl::Status RemoveDurably(const std::string& path);

// Reads a regular file that belongs to root and that others cannot write. The
// last component of the path must not be a symbolic link. kFailedPrecondition
// says what is wrong; kNotFound if there is no such file.
absl::StatusOr<std::string> ReadTrusted(const std::string& path,
                                        size_t most_bytes);

// OK if only root can create or replace files in this directory.
absl::Status CheckTrusted(const std::string& directory);

// OK if only root can write this file and each directory on its path, symbolic
// links resolved. Then the file cannot change while root reads it.
absl::Status CheckTrustedFile(const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_DURABLE_FILE_H_
