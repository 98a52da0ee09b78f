// SPDX-License-Identifier: GPL-2.0
// What verbs say to a user who is not root.
#include "controller/ops/kernel/require_root.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class RequireRootTest : public testing::Test, protected CommandTest {};

TEST_F(RequireRootTest, RootMayAndOthersMayNot) {
  EXPECT_TRUE(RequireRoot(kernel, "enable").ok());
  kernel.root = false;
  const absl::Status status = RequireRoot(kernel, "enable");
  EXPECT_EQ(KindOf(status), ErrorKind::kNotPermitted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("enable"));
}

}  // namespace
}  // namespace klpx
