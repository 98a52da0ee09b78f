// SPDX-License-Identifier: GPL-2.0
// kmod/pure/parts.c: which functions a symbol is a part of, by its name.
#include "pure/parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Wholes(const std::string& symbol) {
  std::vector<std::string> names;
  size_t length = 0;
  while ((length = klpx_part_of(symbol.data(), symbol.size(), length)) != 0) {
    names.push_back(symbol.substr(0, length));
  }
  return names;
}

TEST(PartsTest, KnowsWhatCompilersAppend) {
  EXPECT_THAT(Wholes("foo.cold"), ElementsAre("foo"));
  EXPECT_THAT(Wholes("foo.cold.12"), ElementsAre("foo"));
  EXPECT_THAT(Wholes("foo.part.0"), ElementsAre("foo"));
  EXPECT_THAT(Wholes("foo.part.0.isra.0"), ElementsAre("foo"));
  EXPECT_THAT(Wholes("foo.__part.1"), ElementsAre("foo"));
}

TEST(PartsTest, APartOfARenamedCopyIsThatCopys) {
  EXPECT_THAT(Wholes("foo.isra.0.cold"), ElementsAre("foo.isra.0"));
  EXPECT_THAT(Wholes("foo.constprop.0.cold.3"), ElementsAre("foo.constprop.0"));
  EXPECT_THAT(Wholes("foo.llvm.123456.cold"), ElementsAre("foo.llvm.123456"));
}

TEST(PartsTest, APartOfAPartIsOfBoth) {
  EXPECT_THAT(Wholes("foo.part.0.cold"), ElementsAre("foo", "foo.part.0"));
}

TEST(PartsTest, OtherNamesAreNoParts) {
  for (const char* name :
       {"", "foo", "foo.isra.0", "foo.colder", "foo.partial.0", "foo_cold",
        ".cold", "cold", "foo.constprop.0"}) {
    EXPECT_THAT(Wholes(name), IsEmpty()) << name;
  }
}

}  // namespace
