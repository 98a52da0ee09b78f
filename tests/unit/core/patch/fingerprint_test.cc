// SPDX-License-Identifier: GPL-2.0
#include "controller/core/patch/fingerprint.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace klpx {
namespace {

// As published with the algorithm.
TEST(FingerprintTest, IsFnv1aOf64Bits) {
  EXPECT_EQ(FingerprintOf(""), 0xcbf29ce484222325u);
  EXPECT_EQ(FingerprintOf("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(FingerprintOf("foobar"), 0x85944171f73967e8u);
}

TEST(FingerprintTest, EveryBitCounts) {
  const std::string whole("\0a\xff patch", 9);
  std::set<uint64_t> found = {FingerprintOf(whole)};
  for (size_t bit = 0; bit < 8 * whole.size(); bit++) {
    std::string damaged = whole;
    damaged[bit / 8] ^= static_cast<char>(1 << bit % 8);
    EXPECT_TRUE(found.insert(FingerprintOf(damaged)).second) << bit;
  }
}

// A zero ends nothing, a byte above 127 is not negative.
TEST(FingerprintTest, BytesAreBytes) {
  EXPECT_NE(FingerprintOf(std::string(1, '\0')), FingerprintOf(""));
  EXPECT_NE(FingerprintOf(std::string(2, '\0')),
            FingerprintOf(std::string(1, '\0')));
  EXPECT_NE(FingerprintOf("ab"), FingerprintOf("ba"));
  EXPECT_EQ(FingerprintOf("\xff"), 0xaf64724c8602eb6eu);
}

}  // namespace
}  // namespace klpx
