// SPDX-License-Identifier: GPL-2.0
// A directory of one test's own. Tests run at the same time, each a process.
#ifndef KLPX_TESTS_UNIT_DATA_TEMP_DIRECTORY_H_
#define KLPX_TESTS_UNIT_DATA_TEMP_DIRECTORY_H_

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace klpx {

// Empty at first; removed with everything in it.
class TempDirectory {
 public:
  TempDirectory() {
    path_ = std::filesystem::temp_directory_path() / "klpx-test-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) abort();
  }
  ~TempDirectory() { std::filesystem::remove_all(path_); }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_DATA_TEMP_DIRECTORY_H_
