// SPDX-License-Identifier: GPL-2.0
// Patch files with one thing wrong in each, by the name of the fault
// (data/hostile.c), and how each is refused.
#ifndef KLPX_TESTS_UNIT_CORE_PATCH_HOSTILE_FILES_H_
#define KLPX_TESTS_UNIT_CORE_PATCH_HOSTILE_FILES_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_split.h"
#include "controller/core/base/error.h"
#include "controller/core/patch/patch_file.h"
#include "tests/unit/data/test_files.h"

namespace klpx {

inline std::string ReadHostile(const std::string& fault) {
  std::map<std::string, std::string> files;
  for (const auto& pair :
       absl::StrSplit(TEST_HOSTILE, ',', absl::SkipEmpty())) {
    files.insert(absl::StrSplit(pair, absl::MaxSplits('=', 1)));
  }
  return ReadTestFile(files.at(fault));
}

struct Fault {
  const char* name;
  const char* says;
};

inline void ExpectRefused(const Fault& fault) {
  const auto file = ParsePatchFile(ReadHostile(fault.name));
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(KindOf(file.status()), ErrorKind::kNotAPatch);
  const std::string message(file.status().message());
  EXPECT_THAT(message, ::testing::HasSubstr(fault.says));
  EXPECT_EQ(message.find_first_of("\n\033"), std::string::npos);
}

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_CORE_PATCH_HOSTILE_FILES_H_
