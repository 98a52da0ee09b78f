// SPDX-License-Identifier: GPL-2.0
// The file of a kernel module, as it was built or as modules_install and DKMS
// leave it where the kernel's own are compressed (.ko.xz, .ko.zst, .ko.gz).
// What its first bytes say counts, not its name.
#ifndef KLPX_CONTROLLER_SYS_PROC_MODULE_FILE_H_
#define KLPX_CONTROLLER_SYS_PROC_MODULE_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// Of what has these first bytes: "xz", "zstd", "gzip"; "" if it is none.
absl::string_view CompressionOf(absl::string_view bytes);

// The one bound for a module, wherever it is read, kept or decompressed. The
// largest of Debian, with its debug information, is two fifths of it; a file
// that holds more is there to eat memory.
inline constexpr size_t kMaxModuleBytes = size_t{256} << 20;

// What was compressed; the same bytes if it was not. kNotAModule if it is
// damaged, or longer than that.
absl::StatusOr<std::string> Decompress(std::string bytes,
                                       size_t most = kMaxModuleBytes);

// The module in the file. Errors are those of Kernel::ReadModule and
// Decompress, and name the path.
absl::StatusOr<std::string> ReadModuleFile(Kernel& kernel,
                                           const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_MODULE_FILE_H_
