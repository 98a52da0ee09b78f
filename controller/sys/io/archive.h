// SPDX-License-Identifier: GPL-2.0
// Writes texts from memory into a .tar.gz, by libarchive.
#ifndef KLPX_CONTROLLER_SYS_IO_ARCHIVE_H_
#define KLPX_CONTROLLER_SYS_IO_ARCHIVE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace klpx {

struct ArchivedFile {
  std::string name;  // a path that begins with the archive's one directory
  std::string content;
};

// Creates a file that only its owner can read. Fails if a file of that name
// exists; removes the new file if anything else fails.
absl::Status WriteArchive(const std::string& path,
                          const std::vector<ArchivedFile>& files,
                          absl::Time time);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_ARCHIVE_H_
