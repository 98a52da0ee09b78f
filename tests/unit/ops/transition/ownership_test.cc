// SPDX-License-Identifier: GPL-2.0
// Which process acts on a transition when several wait for it.
#include "controller/ops/transition/ownership.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "controller/core/policy/next_act.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OwnershipTest : public testing::Test, protected CommandTest {
 protected:
  OwnershipTest() {
    context.ownership.file = dir_ + "/owner.lock";
    kernel.transition_time = absl::InfiniteDuration();
    kernel.AddMovingPatch(kName, 2);
    options_.patch = kName;
    options_.wait.timeout = absl::Seconds(5);
    options_.wait.reverse_on_timeout = true;
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  DisableOptions options_;
};

TEST_F(OwnershipTest, TheOwnerReverses) {
  RunWait(context, options_).IgnoreError();
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(OwnershipTest, AProcessThatDoesNotOwnOnlyWatches) {
  auto other = FileLock::Try(context.ownership.file, "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  (*other)->Describe("enable", "wait 4711000");
  const absl::Status status = RunWait(context, options_).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kStillRunning);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("NOT reversed: process "));
  EXPECT_THAT(std::string(status.message()), HasSubstr("(enable)"));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("reverse it now: klp-controller reverse test_fix"));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

// An owner without a time limit never acts.
TEST_F(OwnershipTest, ActsBesideAnOwnerWithoutATimeLimit) {
  const auto other = FileLock::Try(context.ownership.file, "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  RunWait(context, options_).IgnoreError();
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(OwnershipTest, AProcessThatOnlyWaitsDoesNotOwn) {
  context.SetVerb("wait");
  options_.wait.reverse_on_timeout = false;
  bool free = false;
  kernel.on_sleep = [&] {
    const auto lock = FileLock::Try(context.ownership.file, "other");
    free = lock.ok() && lock->has_value();
  };
  EXPECT_EQ(KindOf(RunWait(context, options_).status()),
            ErrorKind::kStillRunning);
  EXPECT_TRUE(free);
}

TEST_F(OwnershipTest, TheOwnerPublishesItsPlan) {
  std::string plan;
  // Keep the first plan: the wait for the reversal publishes another one.
  kernel.on_sleep = [&] {
    if (plan.empty()) plan = LockPlan(context.ownership.file);
  };
  RunWait(context, options_).IgnoreError();
  const std::optional<WaitPlan> parsed = ParsePlan(plan);
  ASSERT_TRUE(parsed.has_value()) << plan;
  EXPECT_EQ(parsed->at, absl::Seconds(105));
  EXPECT_EQ(parsed->then, PolicyDeadline::Then::kReverse);
}

TEST_F(OwnershipTest, TheNextProcessOwnsWhenTheOwnerExits) {
  auto other = FileLock::Try(context.ownership.file, "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  (*other)->Describe("enable", "wait 4711000");
  kernel.on_sleep = [&] {
    if (kernel.now > absl::Seconds(102)) other->reset();
  };
  RunWait(context, options_).IgnoreError();
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(OwnershipTest, AReversalByHandNeedsNoOwnership) {
  const auto other = FileLock::Try(context.ownership.file, "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  options_.wait.no_wait = true;
  EXPECT_EQ(RunReverse(context, options_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(OwnershipTest, EveryProcessActsWhereNoLockCanBeTaken) {
  context.ownership.file = dir_ + "/no/such/owner.lock";
  RunWait(context, options_).IgnoreError();
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(OwnershipTest, OwnershipCanBeGivenUp) {
  EXPECT_TRUE(Own(context.ownership));
  EXPECT_TRUE(Own(context.ownership));
  Disown(context.ownership);
  EXPECT_TRUE(FileLock::Try(context.ownership.file, "next")->has_value());
}

}  // namespace
}  // namespace klpx
