// SPDX-License-Identifier: GPL-2.0
#include "controller/core/patch/fnv1a.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace klpx {
namespace {

// As published with the algorithm.
TEST(Fnv1aTest, IsFnv1aOf64Bits) {
  EXPECT_EQ(Fnv1a(""), 0xcbf29ce484222325u);
  EXPECT_EQ(Fnv1a("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(Fnv1a("foobar"), 0x85944171f73967e8u);
}

TEST(Fnv1aTest, EveryBitCounts) {
  const std::string whole("\0a\xff patch", 9);
  std::set<uint64_t> found = {Fnv1a(whole)};
  for (size_t bit = 0; bit < 8 * whole.size(); bit++) {
    std::string damaged = whole;
    damaged[bit / 8] ^= static_cast<char>(1 << bit % 8);
    EXPECT_TRUE(found.insert(Fnv1a(damaged)).second) << bit;
  }
}

// A zero ends nothing, a byte above 127 is not negative.
TEST(Fnv1aTest, BytesAreBytes) {
  EXPECT_NE(Fnv1a(std::string(1, '\0')), Fnv1a(""));
  EXPECT_NE(Fnv1a(std::string(2, '\0')), Fnv1a(std::string(1, '\0')));
  EXPECT_NE(Fnv1a("ab"), Fnv1a("ba"));
  EXPECT_EQ(Fnv1a("\xff"), 0xaf64724c8602eb6eu);
}

}  // namespace
}  // namespace klpx
