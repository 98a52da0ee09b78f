// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/json_read.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

TEST(JsonReadTest, ANumberThatDoesNotFitIsNotKnown) {
  const Json json = Json::parse(
      R"({"large": 18446744073709551615, "edge": 9223372036854775807,
          "negative": -1, "real": 1.5, "text": "1"})");
  EXPECT_EQ(IntegerOf(json, "large"), std::nullopt);
  EXPECT_EQ(IntegerOf(json, "edge"), INT64_MAX);
  EXPECT_EQ(IntegerOf(json, "negative"), -1);
  EXPECT_EQ(CountOf(json, "large"), UINT64_MAX);
  for (const char* name : {"negative", "real", "text", "none"}) {
    EXPECT_EQ(CountOf(json, name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace klpx
