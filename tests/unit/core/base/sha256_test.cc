// SPDX-License-Identifier: GPL-2.0
// The examples of FIPS 180-4, and lengths around the end of a block.
#include "controller/core/base/sha256.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

TEST(Sha256Test, MatchesTheStandard) {
  EXPECT_EQ(Sha256(""),
            "e3b0c44298fc1c149afbf4c8996fb924"
            "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223"
            "b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039"
            "a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67"
            "f1809a48a497200e046d39ccc7112cd0");
}

struct Length {
  size_t size;
  const char* digest;
};

// Sums of so many zero bytes, from sha256sum(1).
class Sha256LengthTest : public testing::TestWithParam<Length> {};

TEST_P(Sha256LengthTest, PadsCorrectly) {
  EXPECT_EQ(Sha256(std::string(GetParam().size, '\0')), GetParam().digest);
}

INSTANTIATE_TEST_SUITE_P(
    Lengths, Sha256LengthTest,
    testing::Values(Length{55,
                           "02779466cdec163811d078815c633f21"
                           "901413081449002f24aa3e80f0b88ef7"},
                    Length{56,
                           "d4817aa5497628e7c77e6b606107042b"
                           "bba3130888c5f47a375e6179be789fbb"},
                    Length{63,
                           "c7723fa1e0127975e49e62e753db5392"
                           "4c1bd84b8ac1ac08df78d09270f3d971"},
                    Length{64,
                           "f5a5fd42d16a20302798ef6ed309979b"
                           "43003d2320d9f0e8ea9831a92759fb4b"},
                    Length{65,
                           "98ce42deef51d40269d542f5314bef2c"
                           "7468d401ad5d85168bfab4c0108f75f7"}));

}  // namespace
}  // namespace klpx
