// SPDX-License-Identifier: GPL-2.0
// Patch files with one fault each (data/hostile.c), and the error that names
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_split.h"
#include "controller/core/base/error.h"
#include "controller/core/patch/patch_file.h"
#include "tests/unit/data/test_files.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

std::string ReadHostile(const std::string& fault) {
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

class PatchHostileTest : public testing::TestWithParam<Fault> {};

TEST_P(PatchHostileTest, IsRefused) {
  const auto file = ParsePatchFile(ReadHostile(GetParam().name));
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(KindOf(file.status()), ErrorKind::kNotAPatch);
  const std::string message(file.status().message());
  EXPECT_THAT(message, HasSubstr(GetParam().says));
  EXPECT_EQ(message.find_first_of("\n\033"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    All, PatchHostileTest,
    testing::Values(
        Fault{"functions_without_end", "functions of object 'vmlinux' do not"},
        Fault{"functions_in_thousands", "more than 16384 functions"},
        Fault{"function_without_name", "function 1 of object 'vmlinux' has no"},
        Fault{"function_with_odd_name", "a name that is not a symbol"},
        Fault{"function_name_outside", "a name that is not a symbol"},
        Fault{"objects_without_end", "the objects do not end"},
        Fault{"objects_in_thousands", "more than 4096 objects"},
        Fault{"object_without_functions", "object 'other' has no functions"},
        Fault{"object_functions_outside", "functions of object 'other' do not"},
        Fault{"object_functions_are_code", "object 'other' has no functions"},
        Fault{"states_without_end", "the states do not end"},
        Fault{"states_in_thousands", "more than 4096 states"},
        Fault{"state_name_outside", "state 7 has a name without an end"},
        Fault{"replacement_in_init", "of 'do_open' is in .init.text"},
        Fault{"replacement_in_middle", "of 'do_open' points into a function"},
        Fault{"replacement_is_data", "of 'do_open' is not code"},
        Fault{"replacement_elsewhere", "of 'do_open' is not a function of"},
        Fault{"replacement_missing", "of 'do_open' is missing"},
        Fault{"first_function_odd", "a name that is not a symbol"},
        Fault{"functions_in_init", "functions of object 'vmlinux' is in .init"},
        Fault{"objects_in_init", "the array of objects is in .init.data"},
        Fault{"states_in_init", "the array of states is in .init.data"},
        Fault{"patch_in_init", "it is in .init.data, which is freed once"},
        Fault{"callback_in_init", "of object 'vmlinux' is in .init.text"},
        Fault{"callback_is_data", "of object 'vmlinux' is not a function"},
        Fault{"state_callback_is_data", "of state 7 is not a function"},
        Fault{"state_name_odd", "state 7 has a name that is too long or is"},
        Fault{"object_named_vmlinux", "object 0 is named 'vmlinux'"},
        Fault{"model_unknown", "unknown model 9"}),
    [](const testing::TestParamInfo<Fault>& info) {
      return std::string(info.param.name);
    });

TEST(PatchHostileTest, AFileWithoutFaultIsRead) {
  const auto file = ParsePatchFile(ReadHostile("nothing"));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->patch.has_value());
  EXPECT_EQ(file->patch->functions.size(), 1u);
  // One of them has its empty array in .bss.
  EXPECT_EQ(file->patch->objects.size(), 2u);
}

// One odd detail does not mean that the description is filled in later.
TEST(PatchHostileTest, AnObjectNamedByItsFileIsRead) {
  const auto file = ParsePatchFile(ReadHostile("object_of_file"));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->patch.has_value());
  ASSERT_EQ(file->patch->objects.size(), 1u);
  EXPECT_EQ(file->patch->objects[0].name, "bug-target");
  EXPECT_EQ(file->patch->functions.size(), 1u);
}

}  // namespace
}  // namespace klpx
