// SPDX-License-Identifier: GPL-2.0
// A controller that is built without its daemon says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "controller/daemon/daemon.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

class LeftOutTest : public testing::Test, protected CommandTest {};

TEST_F(LeftOutTest, TheVerbFailsAndSaysHowToGetIt) {
  const absl::Status status = RunDaemon(context, "1.0").status();
  EXPECT_EQ(KindOf(status), ErrorKind::kFailure);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("KLPX_DAEMON"));
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("./run build"));
}

}  // namespace
}  // namespace klpx
