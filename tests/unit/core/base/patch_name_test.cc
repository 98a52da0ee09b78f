// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/patch_name.h"

#include <gtest/gtest.h>

#include <string>

namespace klpx {
namespace {

TEST(PatchNameTest, AcceptsNamesAndPaths) {
  for (const char* argument :
       {"a_fix", "a-fix", "a-fix.ko", "./a_fix.ko", "/x-y/z/a-fix.ko",
        "a-fix.ko.xz", "/x/a_fix.ko.zst", "a_fix.ko.gz"}) {
    EXPECT_EQ(ModuleName(argument), "a_fix") << argument;
  }
}

TEST(PatchNameTest, DistinguishesPathsFromNames) {
  EXPECT_TRUE(IsPath("fix.ko"));
  EXPECT_TRUE(IsPath("fix.ko.xz"));
  EXPECT_TRUE(IsPath("./fix"));
  EXPECT_FALSE(IsPath("fix"));
  EXPECT_FALSE(IsPath("fix.xz"));
  EXPECT_FALSE(IsPath("fix.ko.bz2"));
}

TEST(PatchNameTest, RefusesInvalidModuleNames) {
  for (const std::string& name :
       {std::string(), std::string(".."), std::string("a b"),
        std::string("a/b"), std::string("a\n"), std::string(56, 'a')}) {
    EXPECT_FALSE(IsValidModuleName(name)) << name;
  }
  EXPECT_TRUE(IsValidModuleName(std::string(55, 'a')));
}

}  // namespace
}  // namespace klpx
