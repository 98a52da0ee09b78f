// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/module_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ModuleListTest, ReadsTheOldestFirstAndWhatMarksThem) {
  const auto modules = ParseModules(
      "second 16384 1 - Live 0xffffffffc0a00000 (OEK)\n"
      "klpx 90112 2 first, Live 0xffffffffc0900000 (OE)\n"
      "first 16384 0 - Live 0x0000000000000000\n"
      "broken 1\n\n");
  ASSERT_THAT(modules, SizeIs(3));
  EXPECT_EQ(modules[0].name, "first");
  EXPECT_FALSE(modules[0].is_livepatch);
  EXPECT_FALSE(modules[1].is_livepatch);
  EXPECT_EQ(modules[2].name, "second");
  EXPECT_TRUE(modules[2].is_livepatch);
}

TEST(ModuleListTest, KnowsWhatHasNoExit) {
  const auto modules = ParseModules(
      "fixed 16384 1 [permanent], Live 0xffffffffc0a00000 (OEK)\n"
      "held 16384 1 user,[permanent], Live 0xffffffffc0a00000\n"
      "loose 16384 0 - Live 0xffffffffc0a00000\n");
  ASSERT_THAT(modules, SizeIs(3));
  EXPECT_FALSE(modules[0].is_permanent);
  EXPECT_TRUE(modules[1].is_permanent);
  EXPECT_TRUE(modules[2].is_permanent);
}

// Its name is not its taint.
TEST(ModuleListTest, AModuleWithAKInItsNameIsNoLivepatch) {
  const auto modules =
      ParseModules("K 16384 1 K, Live 0xffffffffc0a00000 (OE)\n");
  ASSERT_THAT(modules, SizeIs(1));
  EXPECT_FALSE(modules[0].is_livepatch);
}

TEST(ModuleListTest, KnowsModulesThatComeOrGo) {
  const auto modules = ParseModules(
      "going 16384 0 - Unloading 0xffffffffc0a00000 (OEK-)\n"
      "coming 16384 1 - Loading 0xffffffffc0900000 (OEK+)\n");
  ASSERT_THAT(modules, SizeIs(2));
  EXPECT_TRUE(modules[0].is_livepatch);
  EXPECT_TRUE(modules[1].is_livepatch);
}

TEST(ModuleListTest, NothingIsLoadedInAnEmptyList) {
  EXPECT_THAT(ParseModules(""), IsEmpty());
  EXPECT_THAT(ParseModules("\n \n"), IsEmpty());
}

}  // namespace
}  // namespace klpx
