// SPDX-License-Identifier: GPL-2.0
// Files of which nothing is known before they are opened: read to the end, up
// to a bound, and never waited for. Errors carry the errno.
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
  uint64_t bytes;  // what it says; 0 in /proc, a page in /sys
};

// Open for reading. What is not regular is refused: a FIFO would be waited for,
// a device may never end (kNotAModule; EISDIR for a directory).
absl::StatusOr<RegularFile> OpenRegular(const std::string& path, int flags = 0);

// From where the descriptor stands. EFBIG if there is more than `most`. `go_on`
// is shown the beginning once; where it says no, that is all that is read.
absl::StatusOr<std::string> ReadToEnd(
    const RegularFile& file, const std::string& path, size_t most,
    absl::FunctionRef<bool(absl::string_view)> go_on = [](absl::string_view) {
      return true;
    });

// The two in one.
absl::StatusOr<std::string> ReadRegular(const std::string& path, size_t most);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_READ_FILE_H_
