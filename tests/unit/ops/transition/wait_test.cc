// SPDX-License-Identifier: GPL-2.0
// How waiting for a transition ends.
#include "controller/ops/transition/wait.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class WaitForTransitionTest : public testing::Test, protected CommandTest {
 protected:
  void Start(absl::Duration takes) {
    kernel.AddMovingPatch(kName, 2);
    kernel.recent = {
        {absl::ToInt64Nanoseconds(kernel.now), 0, kName, true, 0, 10}};
    kernel.transition_time = takes;
  }

  absl::StatusOr<Progress> Wait(bool patching = true) {
    return WaitForTransition(context.supervisor(), kName, patching, options_);
  }

  WaitOptions options_;
};

TEST_F(WaitForTransitionTest, EndsWithTheTransition) {
  Start(absl::Seconds(3));
  const absl::StatusOr<Progress> progress = Wait();
  ASSERT_TRUE(progress.ok()) << progress.status();
  EXPECT_EQ(progress->patch, kName);
  EXPECT_TRUE(progress->patching);
  EXPECT_EQ(progress->tasks, 10u);
  EXPECT_EQ(progress->pending, 0u);
  EXPECT_GE(kernel.now, absl::Seconds(103));
  EXPECT_LE(kernel.now, absl::Seconds(103.2));
}

TEST_F(WaitForTransitionTest, EndsAtOnceWhereThePatchIsIn) {
  kernel.AddPatch(kName);
  EXPECT_TRUE(Wait().ok());
  EXPECT_EQ(kernel.now, absl::Seconds(100));
}

TEST_F(WaitForTransitionTest, APatchThatHasGoneIsOut) {
  EXPECT_TRUE(Wait(/*patching=*/false).ok());
}

TEST_F(WaitForTransitionTest, APatchThatHasGoneIsNotIn) {
  EXPECT_EQ(KindOf(Wait().status()), ErrorKind::kReversed);
}

TEST_F(WaitForTransitionTest, AReversalFromElsewhereEndsIt) {
  Start(absl::InfiniteDuration());
  kernel.on_sleep = [this] {
    if (kernel.now > absl::Seconds(102)) kernel.patches[kName].enabled = false;
  };
  EXPECT_EQ(KindOf(Wait().status()), ErrorKind::kReversed);
  EXPECT_LE(kernel.now, absl::Seconds(103));
}

TEST_F(WaitForTransitionTest, LeavesItWhenTheTimeIsUp) {
  Start(absl::InfiniteDuration());
  options_.timeout = absl::Seconds(5);
  const absl::Status status = Wait().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kStillRunning);
  EXPECT_THAT(std::string(status.message()), HasSubstr("2 tasks"));
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_GE(kernel.now, absl::Seconds(105));
  EXPECT_LE(kernel.now, absl::Seconds(105.3));
}

TEST_F(WaitForTransitionTest, ReversesThenIfAsked) {
  Start(absl::InfiniteDuration());
  options_.timeout = absl::Seconds(5);
  options_.reverse_on_timeout = true;
  EXPECT_FALSE(Wait().ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(WaitForTransitionTest, AnInterruptLeavesIt) {
  Start(absl::InfiniteDuration());
  options_.timeout = absl::Seconds(5);
  options_.reverse_on_timeout = true;
  kernel.on_sleep = [this] { kernel.interrupted = true; };
  EXPECT_EQ(KindOf(Wait().status()), ErrorKind::kStillRunning);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(WaitForTransitionTest, WithoutTheObserverItWaitsAllTheSame) {
  observer.refusal = absl::InternalError("no BTF here");
  Start(absl::Seconds(3));
  EXPECT_TRUE(Wait().ok());
  EXPECT_EQ(observer.attached, 1);
}

TEST_F(WaitForTransitionTest, AShortOneNeedsNoObserver) {
  Start(absl::Milliseconds(50));
  EXPECT_TRUE(Wait().ok());
  EXPECT_EQ(observer.attached, 0);
}

class WithDeadlineTest : public testing::Test, protected CommandTest {
 protected:
  WaitOptions With(const std::string& policy, WaitOptions options = {}) {
    kernel.files["/etc/klpx/policy.toml"] = policy;
    return WithDeadline(kernel, context.console, kName, options);
  }
};

TEST_F(WithDeadlineTest, WithoutAFileThereIsNoLimit) {
  EXPECT_EQ(WithDeadline(kernel, context.console, kName, {}).timeout,
            absl::InfiniteDuration());
}

TEST_F(WithDeadlineTest, TakesThatOfTheFile) {
  const WaitOptions options =
      With("[deadline]\nafter = \"60s\"\nthen = \"reverse\"\n");
  EXPECT_EQ(options.timeout, absl::Seconds(60));
  EXPECT_TRUE(options.reverse_on_timeout);
  EXPECT_FALSE(options.force_on_timeout);
}

TEST_F(WithDeadlineTest, ATimeoutThatWasGivenCounts) {
  WaitOptions given;
  given.timeout = absl::Seconds(5);
  const WaitOptions options =
      With("[deadline]\nafter = \"60s\"\nthen = \"reverse\"\n", given);
  EXPECT_EQ(options.timeout, absl::Seconds(5));
  EXPECT_FALSE(options.reverse_on_timeout);
}

TEST_F(WithDeadlineTest, ForcesOnlyWhatTheFileNamesAndTheOperatorAllows) {
  constexpr char kForce[] =
      "[deadline]\nafter = \"60s\"\nthen = \"force\"\nforce = [\"test_*\"]\n";
  WaitOptions allowed;
  allowed.may_force = true;
  EXPECT_TRUE(With(kForce, allowed).force_on_timeout);
  EXPECT_FALSE(With(kForce).force_on_timeout);
  EXPECT_FALSE(
      With("[deadline]\nafter = \"60s\"\nthen = \"force\"\nforce = [\"b\"]\n",
           allowed)
          .force_on_timeout);
}

TEST_F(WithDeadlineTest, AFileWithAMistakeIsAWarningAndNoLimit) {
  EXPECT_EQ(With("[deadline\n").timeout, absl::InfiniteDuration());
  EXPECT_THAT(err.str(), HasSubstr("/etc/klpx/policy.toml"));
}

}  // namespace
}  // namespace klpx
