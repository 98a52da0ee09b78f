// SPDX-License-Identifier: GPL-2.0
// A .tar.gz of texts that are in memory, by libarchive.
#ifndef KLPX_CONTROLLER_SYS_IO_ARCHIVE_H_
#define KLPX_CONTROLLER_SYS_IO_ARCHIVE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace klpx {

struct ArchivedFile {
  std::string name;  // a path, with the directory that all of them are in
  std::string content;
};

// Makes a file that only its owner can read. Fails if there is one of that
// name; leaves none behind when it fails otherwise.
absl::Status WriteArchive(const std::string& path,
                          const std::vector<ArchivedFile>& files,
                          absl::Time time);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_ARCHIVE_H_
