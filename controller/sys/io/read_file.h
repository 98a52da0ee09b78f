// SPDX-License-Identifier: GPL-2.0
// Reads files about which nothing is known before they are opened: to the end,
// up to a bound, and without blocking. Errors carry the errno.
#ifndef KLPX_CONTROLLER_SYS_IO_READ_FILE_H_
#define KLPX_CONTROLLER_SYS_IO_READ_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

struct RegularFile {
  UniqueFd fd;
  uint64_t bytes;  // the size in its inode: 0 in /proc, a page in /sys
};

// Opens a file for reading. Refuses whatever is not a regular file, since a
// FIFO would block and a device may never end (kNotAModule; EISDIR for a
// directory).
absl::StatusOr<RegularFile> OpenRegular(const std::string& path, int flags = 0);

// Reads from the current position to the end. EFBIG if that is more than
// `most`. `go_on` is called once with the beginning; if it returns false, only
// the beginning is returned.
absl::StatusOr<std::string> ReadToEnd(
    const RegularFile& file, const std::string& path, size_t most,
    absl::FunctionRef<bool(absl::string_view)> go_on = [](absl::string_view) {
      return true;
    });

// Opens and reads a regular file.
absl::StatusOr<std::string> ReadRegular(const std::string& path, size_t most);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_READ_FILE_H_
