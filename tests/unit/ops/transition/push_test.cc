// SPDX-License-Identifier: GPL-2.0
// signal and force.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "controller/core/policy/policy_file.h"
#include "controller/ops/policy/policy_rules.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class PushTest : public testing::Test, protected CommandTest {
 protected:
  PushTest() {
    kernel.transition_time = absl::InfiniteDuration();
    kernel.AddMovingPatch(kName, 2);
    observer.AddTask(42, "reader");
    observer.AddTask(43, "writer");
    force_.patch = kName;
    force_.understood = true;
    signal_.patch = kName;
  }

  ForceOptions force_;
  SignalOptions signal_;
};

TEST_F(PushTest, SignalsEveryTask) {
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/signal=1"));
}

// Only one patch is in transition, so the name can be left out.
TEST_F(PushTest, WithoutANameTakesThePatchInTransition) {
  signal_.patch = force_.patch = "";
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  // The fake kernel took the signal for the end of the transition; undo that.
  kernel.patches[kName].transition = true;
  kernel.patches[kName].started = kernel.now;
  EXPECT_EQ(RunForce(context.supervisor(), force_).value(), 0);
  EXPECT_THAT(kernel.writes,
              ElementsAre("test_fix/signal=1", "test_fix/force=1"));
  EXPECT_EQ(KindOf(RunSignal(context, signal_).status()),
            ErrorKind::kNoTransition);
}

TEST_F(PushTest, SignalsOneTask) {
  signal_.task = 42;
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/signal_task=42"));
}

TEST_F(PushTest, SignalLoadsNoObserver) {
  context.console.style.json = true;
  signal_.task = 42;
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  EXPECT_EQ(observer.attached, 0);
  EXPECT_THAT(out.str(), HasSubstr("\"affected\": []"));
}

TEST_F(PushTest, SignalAsksAnAttachedObserver) {
  context.console.style.json = true;
  kernel.files[KLPX_PIN_TASK_STATE] = "";
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("\"comm\": \"reader\""));
}

TEST_F(PushTest, SignalLeavesOutExemptTasks) {
  kernel.files[kPolicyFile] =
      "[[rule]]\nname = \"ours\"\ncomm = \"read*\"\ndo = \"leave\"\n";
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/signal_task=43"));
  EXPECT_THAT(err.str(), HasSubstr("exempts reader/42 (ours)"));
  EXPECT_THAT(out.str(), HasSubstr("sent to 1 task"));
}

TEST_F(PushTest, SignalReachesAnExemptTaskNamedByTask) {
  kernel.files[kPolicyFile] = "[[rule]]\ncomm = \"read*\"\ndo = \"leave\"\n";
  signal_.task = 42;
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/signal_task=42"));
}

TEST_F(PushTest, SignalReachesNoTaskIfTheExemptOnesAreUnknown) {
  kernel.files[kPolicyFile] = "[[rule]]\ncomm = \"read*\"\ndo = \"leave\"\n";
  observer.refusal = absl::InternalError("no BPF");
  EXPECT_EQ(KindOf(RunSignal(context, signal_).status()), ErrorKind::kRefused);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(PushTest, SignalWorksWithAnUnusablePolicy) {
  kernel.files[kPolicyFile] = "nonsense";
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/signal=1"));
  EXPECT_THAT(err.str(), HasSubstr("no task is exempt"));
}

TEST_F(PushTest, SignalFollowsTheRulesInTheKernelIfTheFileIsUnusable) {
  const auto before =
      ParsePolicy("[[rule]]\ncomm = \"read*\"\ndo = \"leave\"\n", kPolicyFile);
  ASSERT_TRUE(before.ok()) << before.status();
  policy.applied = *PolicyRows(*before, {});
  kernel.files[kPolicyFile] = "nonsense";
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/signal_task=43"));
  EXPECT_THAT(err.str(), HasSubstr("exempts reader/42 (a rule in the kernel)"));
}

TEST_F(PushTest, SignalReportsOnlyAMissingPatch) {
  kernel.files[kPolicyFile] = "nonsense";
  signal_.patch = "nosuch";
  EXPECT_EQ(KindOf(RunSignal(context, signal_).status()),
            ErrorKind::kNoSuchPatch);
  EXPECT_THAT(err.str(), IsEmpty());
}

TEST_F(PushTest, SaysThatATaskIsNotPending) {
  signal_.task = 1;
  const absl::Status status = RunSignal(context, signal_).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kNoTransition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("task 1 is not"));
}

TEST_F(PushTest, HasNothingToPushWhenThePatchHasSettled) {
  kernel.patches[kName].transition = false;
  EXPECT_EQ(RunSignal(context, signal_).value(), 0);
  EXPECT_EQ(RunForce(context.supervisor(), force_).value(), 0);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(PushTest, ForcesNothingUnlessUnderstood) {
  force_.understood = false;
  const absl::Status status = RunForce(context.supervisor(), force_).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kUsage);
  EXPECT_THAT(std::string(status.message()), HasSubstr("--i-understand"));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(PushTest, NamesWhatItForcesAndWhatItCosts) {
  EXPECT_EQ(RunForce(context.supervisor(), force_).value(), 0);
  EXPECT_THAT(err.str(), HasSubstr("reader"));
  EXPECT_THAT(err.str(), HasSubstr("writer"));
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/force=1"));
  EXPECT_THAT(out.str(), HasSubstr("2 tasks forced"));
}

TEST_F(PushTest, APatchForcedIntoCanBeRemoved) {
  EXPECT_EQ(RunForce(context.supervisor(), force_).value(), 0);
  EXPECT_THAT(err.str(), Not(HasSubstr("removed")));
  EXPECT_THAT(out.str(), Not(HasSubstr("reboot")));
}

TEST_F(PushTest, APatchForcedOutOfCannotBeRemoved) {
  kernel.patches[kName].enabled = false;
  EXPECT_EQ(RunForce(context.supervisor(), force_).value(), 0);
  EXPECT_THAT(err.str(), HasSubstr("module test_fix cannot be removed"));
  EXPECT_THAT(out.str(), HasSubstr("module test_fix cannot be removed"));
}

TEST_F(PushTest, AReplacedPatchForcedOutOfCannotBeRemoved) {
  kernel.patches[kName].replace = true;
  kernel.patches[kName].order = 2;
  kernel.AddPatch("old_fix");
  EXPECT_EQ(RunForce(context.supervisor(), force_).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("module old_fix cannot be removed"));
}

TEST_F(PushTest, ForcesOneTask) {
  force_.task = 42;
  EXPECT_EQ(RunForce(context.supervisor(), force_).value(), 0);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/force_task=42"));
  EXPECT_THAT(err.str(), Not(HasSubstr("writer")));
  EXPECT_THAT(out.str(), HasSubstr("1 task forced"));
}

TEST_F(PushTest, ForcesWithoutNamesWhenThereIsNoObserver) {
  observer.refusal = MakeError(ErrorKind::kBpfRefused, "no BPF here");
  EXPECT_EQ(RunForce(context.supervisor(), force_).value(), 0);
  EXPECT_THAT(err.str(), HasSubstr("not known: no BPF here"));
}

TEST_F(PushTest, RefusesUnlessRoot) {
  kernel.root = false;
  EXPECT_EQ(KindOf(RunForce(context.supervisor(), force_).status()),
            ErrorKind::kNotPermitted);
  EXPECT_EQ(KindOf(RunSignal(context, signal_).status()),
            ErrorKind::kNotPermitted);
}

}  // namespace
}  // namespace klpx
