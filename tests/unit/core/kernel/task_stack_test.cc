// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/task_stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr AddressRange kCode = {0x100, 0x200};
constexpr uint64_t kFrame = 0x9000;

TEST(TaskStackTest, KeepsWhatMayBeCodeBeforeTheFirstFrame) {
  const std::vector<uint64_t> words = {0x100, 0xff,   0x1ff,
                                       0x200, kFrame, 0x150};
  EXPECT_THAT(CodeBefore(kFrame, words, kCode), ElementsAre(0x100, 0x1ff));
}

TEST(TaskStackTest, KeepsNothingOfAnotherMomentsStack) {
  EXPECT_THAT(CodeBefore(kFrame, {0x100, 0x150}, kCode), IsEmpty());
  EXPECT_THAT(CodeBefore(kFrame, {}, kCode), IsEmpty());
}

}  // namespace
}  // namespace klpx
