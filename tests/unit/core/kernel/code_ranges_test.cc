// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/code_ranges.h"

#include <gtest/gtest.h>

#include <string>

namespace klpx {
namespace {

struct Function {
  AddressRange range;
  std::string name;
};

class CodeRangesTest : public testing::Test {
 protected:
  const std::vector<Function> functions_ = {{{0x3000, 0x3010}, "do_close"},
                                            {{0x1000, 0x1100}, "do_open"},
                                            {{0x2000, 0x2000}, "unknown"}};
  const CodeRanges<Function> ranges_{functions_};
};

TEST_F(CodeRangesTest, FindsTheFunctionOfAnAddress) {
  EXPECT_EQ(ranges_.Find(0x1000), &functions_[1]);
  EXPECT_EQ(ranges_.Find(0x10ff), &functions_[1]);
  EXPECT_EQ(ranges_.Find(0x300f), &functions_[0]);
}

TEST_F(CodeRangesTest, KnowsNothingOfOtherAddresses) {
  for (const uint64_t address : {0x0fffUL, 0x1100UL, 0x2000UL, 0x3010UL}) {
    EXPECT_EQ(ranges_.Find(address), nullptr) << address;
  }
}

TEST_F(CodeRangesTest, TheInnermostFrameDecides) {
  EXPECT_EQ(ranges_.FindFirst({0x9000, 0x3001, 0x1001}), &functions_[0]);
  EXPECT_EQ(ranges_.FindFirst({0x9000, 0x9001}), nullptr);
  EXPECT_EQ(ranges_.FindFirst({}), nullptr);
}

}  // namespace
}  // namespace klpx
