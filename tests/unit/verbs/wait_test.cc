// SPDX-License-Identifier: GPL-2.0
// The verb wait, and how all verbs wait.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "controller/core/base/error.h"
#include "controller/ops/policy/policy_rules.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class WaitTest : public testing::Test, protected CommandTest {
 protected:
  WaitTest() {
    kernel.AddMovingPatch(kName, 2);
    options_.patch = kName;
  }

  void NeverEnds() { kernel.transition_time = absl::InfiniteDuration(); }

  absl::StatusOr<int> Wait() { return RunWait(context, options_); }

  DisableOptions options_;
};

TEST_F(WaitTest, EndsWithTheTransition) {
  EXPECT_EQ(Wait().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("patching complete"));
}

TEST_F(WaitTest, FindsThePatchInTransition) {
  options_.patch = "";
  EXPECT_EQ(Wait().value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("test_fix: patching complete"));
}

TEST_F(WaitTest, HasNothingToDoWithoutATransition) {
  kernel.patches[kName].transition = false;
  EXPECT_EQ(Wait().value(), 0);
  options_.patch = "";
  EXPECT_EQ(Wait().value(), 0);
}

TEST_F(WaitTest, LeavesTheTransitionWhenTheTimeIsUp) {
  NeverEnds();
  options_.wait.timeout = absl::Seconds(5);
  const absl::Status status = Wait().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kStillRunning);
  EXPECT_THAT(std::string(status.message()), HasSubstr("2 tasks left"));
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_EQ(kernel.now, absl::Seconds(105));
}

TEST_F(WaitTest, ReversesWhenTheTimeIsUpOnRequest) {
  kernel.transition_time = absl::Seconds(10);
  options_.wait.timeout = absl::Seconds(5);
  options_.wait.reverse_on_timeout = true;
  EXPECT_EQ(KindOf(Wait().status()), ErrorKind::kReversed);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
  EXPECT_FALSE(kernel.patches.contains(kName));
}

TEST_F(WaitTest, TheDeadlineOfThePolicyForcesIfBothAgree) {
  kernel.files[kPolicyFile] =
      "[deadline]\nafter = \"5s\"\nthen = \"force\"\nforce = \"test_fix\"\n";
  NeverEnds();
  EXPECT_EQ(KindOf(Wait().status()), ErrorKind::kStillRunning);
  EXPECT_THAT(kernel.writes, IsEmpty());
  options_.wait.may_force = true;
  EXPECT_EQ(Wait().value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/force=1"));
}

TEST_F(WaitTest, SaysThatTheReversalIsHeldUp) {
  NeverEnds();
  options_.wait.timeout = absl::Seconds(5);
  options_.wait.reverse_on_timeout = true;
  const absl::Status status = Wait().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kStillRunning);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("the reversal itself is held up"));
}

TEST_F(WaitTest, LeavesTheTransitionWhenInterrupted) {
  NeverEnds();
  kernel.on_sleep = [this] { kernel.interrupted = true; };
  const absl::Status status = Wait().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kStillRunning);
  EXPECT_THAT(std::string(status.message()), HasSubstr("interrupted"));
}

TEST_F(WaitTest, NoticesAReversalFromElsewhere) {
  NeverEnds();
  kernel.on_sleep = [this] { kernel.patches[kName].enabled = false; };
  EXPECT_EQ(KindOf(Wait().status()), ErrorKind::kReversed);
}

TEST_F(WaitTest, NoticesThatThePatchHasGone) {
  NeverEnds();
  kernel.on_sleep = [this] { kernel.patches.clear(); };
  EXPECT_EQ(KindOf(Wait().status()), ErrorKind::kReversed);
}

TEST_F(WaitTest, SaysNothingAboutAShortWait) {
  EXPECT_EQ(Wait().value(), 0);
  EXPECT_THAT(err.str(), IsEmpty());
}

TEST_F(WaitTest, NamesTheTasksLeft) {
  kernel.transition_time = absl::Seconds(3);
  observer.AddTask(42, "reader");
  EXPECT_EQ(Wait().value(), 0);
  EXPECT_THAT(err.str(),
              HasSubstr("left: reader/42 on-function do_open and 1 more\n"));
  EXPECT_THAT(err.str(), Not(HasSubstr("\r")));
}

TEST_F(WaitTest, OverwritesItsLineOnATerminal) {
  kernel.transition_time = absl::Seconds(3);
  context.console.style.err_is_terminal = true;
  EXPECT_EQ(Wait().value(), 0);
  const std::string said = err.str();
  EXPECT_THAT(said, HasSubstr("\r"));
  // Skip the line that says that there is no time limit.
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
}

TEST_F(WaitTest, FitsItsLineToAShrinkingTerminal) {
  kernel.transition_time = absl::Seconds(9);
  context.console.style.err_is_terminal = true;
  size_t columns = 80;
  size_t drawn = 0;
  context.console.style.err_columns = [&] {
    if (++drawn == 10) columns = 40;
    return std::optional<size_t>(columns);
  };
  for (uint32_t tid = 700; tid < 750; tid++) observer.AddTask(tid, "sleepers");
  EXPECT_EQ(Wait().value(), 0);
  const std::vector<std::string> frames = absl::StrSplit(err.str(), "\r\033[K");
  ASSERT_GT(frames.size(), 20u);
  for (size_t i = 1; i < frames.size(); i++) {
    EXPECT_LT(frames[i].size(), i < 10 ? 80u : 40u) << frames[i];
  }
  EXPECT_THAT(frames[5], HasSubstr("left: "));
  EXPECT_THAT(frames.back(), IsEmpty());
}

TEST_F(WaitTest, SaysAtOnceThatThereIsNoTimeLimit) {
  kernel.transition_time = absl::Seconds(3);
  EXPECT_EQ(Wait().value(), 0);
  EXPECT_THAT(err.str(), StartsWith("test_fix: no time limit"));
}

TEST_F(WaitTest, IsNeverSilentForLong) {
  NeverEnds();
  observer.AddTask(42, "reader");
  options_.wait.timeout = absl::Minutes(10);
  EXPECT_EQ(KindOf(Wait().status()), ErrorKind::kStillRunning);
  EXPECT_THAT(err.str(), HasSubstr("waits up to 10m, then leaves it running"));
  const std::vector<std::string> lines = absl::StrSplit(err.str(), '\n');
  EXPECT_GE(lines.size(), 20u);
  EXPECT_LE(lines.size(), 30u);
  EXPECT_THAT(lines[lines.size() - 2], HasSubstr("left: reader/42"));
}

TEST_F(WaitTest, IsQuietOnRequest) {
  kernel.transition_time = absl::Seconds(3);
  context.console.style.quiet = true;
  EXPECT_EQ(Wait().value(), 0);
  EXPECT_THAT(err.str() + out.str(), IsEmpty());
}

TEST_F(WaitTest, RefusesAnUnknownPatch) {
  options_.patch = "none";
  EXPECT_EQ(KindOf(Wait().status()), ErrorKind::kNoSuchPatch);
}

}  // namespace
}  // namespace klpx
