// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/close_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace klpx {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kKallsyms[] =
    "ffffffff81000000 T __x64_sys_pause\n"
    "ffffffff81000000 T __do_sys_pause\n"
    "ffffffff81000010 t __pfx___x64_sys_pause\n"
    "ffffffff81000020 T cmdline_proc_show\n"
    "ffffffff81000030 t cmdline_proc_show.cold\n"
    "ffffffff81000040 d cmdline_proc_shaw\n"
    "ffffffffc0000000 t ext4_sync_file\t[ext4]\n";

std::vector<std::string> Close(const FunctionKey& key) {
  return FindCloseNames(kKallsyms, {key}).at(key);
}

TEST(CloseNamesTest, KnowsTheWrappersOfASystemCall) {
  EXPECT_THAT(Close({"vmlinux", "sys_pause"}),
              ElementsAre("__do_sys_pause", "__x64_sys_pause"));
  EXPECT_THAT(Close({"vmlinux", "pause"}), Contains("__x64_sys_pause"));
}

TEST(CloseNamesTest, ForgivesATypingMistake) {
  EXPECT_THAT(Close({"vmlinux", "cmdline_porc_show"}),
              ElementsAre("cmdline_proc_show"));
  EXPECT_THAT(Close({"vmlinux", "cmdline_proc_shows"}),
              ElementsAre("cmdline_proc_show"));
  EXPECT_THAT(Close({"vmlinux", "cmdline_show"}), IsEmpty());
}

TEST(CloseNamesTest, LooksIntoOtherObjectsForTheSameName) {
  EXPECT_THAT(Close({"vmlinux", "ext4_sync_file"}),
              ElementsAre("ext4_sync_file of module 'ext4'"));
  EXPECT_THAT(Close({"ext4", "cmdline_proc_show"}),
              ElementsAre("cmdline_proc_show of the kernel itself"));
}

TEST(CloseNamesTest, NamesOnlyAFew) {
  std::string many;
  for (int i = 0; i < 9; i++) {
    absl::StrAppend(&many, "ffffffff81000000 t do_something", i, "\n");
  }
  EXPECT_THAT(FindCloseNames(many, {{"vmlinux", "do_something"}})
                  .at({"vmlinux", "do_something"}),
              SizeIs(5));
}

}  // namespace
}  // namespace klpx
