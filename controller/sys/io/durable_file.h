// SPDX-License-Identifier: GPL-2.0
// Files that have to be whole after the power has failed at any instant, and
// that only root may have written. Errors carry the errno.
#ifndef KLPX_CONTROLLER_SYS_IO_DURABLE_FILE_H_
#define KLPX_CONTROLLER_SYS_IO_DURABLE_FILE_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace klpx {

// The directory, and those above it that are missing; on the disk when this
// returns. kFailedPrecondition if it is there and CheckTrusted() would refuse.
absl::Status MakeDirectory(const std::string& path, mode_t mode = 0750);

// Under a temporary name first, then renamed over what is there: either the
// old content or the new one, never a part.
absl::Status WriteDurably(const std::string& path, absl::string_view bytes);

// It is gone when this returns, also after a crash. No error if it is not
// there.
absl::Status RemoveDurably(const std::string& path);

// A regular file of root's that nobody else can write, through no symbolic
// link: the last component is not followed. kFailedPrecondition says what is
// wrong; kNotFound.
absl::StatusOr<std::string> ReadTrusted(const std::string& path,
                                        size_t most_bytes);

// Is a directory one in which only root can put things?
absl::Status CheckTrusted(const std::string& directory);

// Is a file root's alone to write, and so each directory on the way to it, past
// symbolic links? Then it stays what it is while root reads it.
absl::Status CheckTrustedFile(const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_DURABLE_FILE_H_
