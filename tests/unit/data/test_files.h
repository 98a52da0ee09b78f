// SPDX-License-Identifier: GPL-2.0
// Reads the files that the build provides for tests.
#ifndef KLPX_TESTS_UNIT_DATA_TEST_FILES_H_
#define KLPX_TESTS_UNIT_DATA_TEST_FILES_H_

#include <fstream>
#include <iterator>
#include <string>

namespace klpx {

inline std::string ReadTestFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_DATA_TEST_FILES_H_
