// SPDX-License-Identifier: GPL-2.0
// Without klpx.ko there is nothing to wait for. With it, the tests on a machine
// wait (tests/vm).
#include "controller/sys/proc/recent_file.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace klpx {
namespace {

class RecentFileTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::filesystem::exists("/sys/module/klpx")) {
      GTEST_SKIP() << "klpx.ko is loaded here";
    }
  }

  RecentFile watch_;
};

TEST_F(RecentFileTest, SaysThatTheEngineIsNotLoaded) {
  EXPECT_TRUE(absl::IsNotFound(watch_.Read().status()));
  // And again: nothing is kept of a failure.
  EXPECT_TRUE(absl::IsNotFound(watch_.Read().status()));
}

TEST_F(RecentFileTest, HasNothingToPollBeforeAndAfter) {
  EXPECT_EQ(watch_.fd(), -1);
  watch_.Read().status().IgnoreError();
  EXPECT_EQ(watch_.fd(), -1);
}

}  // namespace
}  // namespace klpx
