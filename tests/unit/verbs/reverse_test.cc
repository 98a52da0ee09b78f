// SPDX-License-Identifier: GPL-2.0
// A transition goes back to where it came from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "controller/verbs/verbs.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ReverseTest : public testing::Test, protected CommandTest {
 protected:
  void Move(const std::string& name, Engine engine = Engine::kKlpx) {
    kernel.AddMovingPatch(name, 2, engine);
    kernel.transition_time = absl::Seconds(10);
  }

  absl::StatusOr<int> Reverse() { return RunReverse(context, options_); }

  DisableOptions options_;
};

TEST_F(ReverseTest, APatchOnItsWayInGoesOut) {
  Move(kName);
  options_.patch = kName;
  EXPECT_EQ(Reverse().value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
  EXPECT_FALSE(kernel.patches.contains(kName));
}

TEST_F(ReverseTest, APatchOnItsWayOutGoesIn) {
  Move(kName);
  kernel.patches[kName].enabled = false;
  options_.patch = kName;
  EXPECT_EQ(Reverse().value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=1"));
  EXPECT_TRUE(kernel.patches.at(kName).enabled);
  EXPECT_FALSE(kernel.patches.at(kName).transition);
}

TEST_F(ReverseTest, WithoutANameItIsTheOneInTransition) {
  kernel.AddPatch("other").order = 2;
  Move(kName);
  EXPECT_EQ(Reverse().value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(ReverseTest, NeedNotWait) {
  Move(kName);
  options_.wait.no_wait = true;
  EXPECT_EQ(Reverse().value(), 0);
  EXPECT_EQ(kernel.now, absl::Seconds(100));
  EXPECT_TRUE(kernel.patches.at(kName).transition);
}

TEST_F(ReverseTest, ATimeLimitLeavesTheReversalRunning) {
  Move(kName);
  options_.wait.timeout = absl::Seconds(5);
  EXPECT_EQ(KindOf(Reverse().status()), ErrorKind::kStillRunning);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(ReverseTest, APatchThatHasSettledIsNotTouched) {
  kernel.AddPatch(kName);
  options_.patch = kName;
  EXPECT_FALSE(Reverse().ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(ReverseTest, RefusesAPatchThatIsNotThere) {
  options_.patch = "none";
  EXPECT_EQ(KindOf(Reverse().status()), ErrorKind::kNoSuchPatch);
}

TEST_F(ReverseTest, SaysThatTheEngineRefused) {
  Move(kName);
  kernel.write_errno = EBUSY;
  const absl::Status status = Reverse().status();
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr(kName));
}

TEST_F(ReverseTest, IsForRootOnly) {
  Move(kName);
  kernel.root = false;
  EXPECT_EQ(KindOf(Reverse().status()), ErrorKind::kNotPermitted);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

}  // namespace
}  // namespace klpx
