// SPDX-License-Identifier: GPL-2.0
// Reads the file of a kernel module, either as it was built or compressed, as
// modules_install and DKMS leave it on kernels with compressed modules (.ko.xz,
// .ko.zst, .ko.gz). The first bytes decide, not the name.
#ifndef KLPX_CONTROLLER_SYS_PROC_MODULE_FILE_H_
#define KLPX_CONTROLLER_SYS_PROC_MODULE_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// The compression of a file with these first bytes: "xz", "zstd", "gzip" or "".
absl::string_view CompressionOf(absl::string_view bytes);

// The limit for the size of a module, wherever it is read, kept or
// decompressed. Debian's largest module, with its debug information, has two
// fifths of it; a larger file is made to exhaust memory.
inline constexpr size_t kMaxModuleBytes = size_t{256} << 20;

// The decompressed bytes; the same bytes if they are not compressed.
// kNotAModule if they are damaged, or longer than `most` when decompressed.
absl::StatusOr<std::string> Decompress(std::string bytes,
                                       size_t most = kMaxModuleBytes);

// Reads and decompresses a module. Errors are those of Kernel::ReadModule and
// Decompress, and name the path.
absl::StatusOr<std::string> ReadModuleFile(Kernel& kernel,
                                           const std::string& path);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_PROC_MODULE_FILE_H_
