// SPDX-License-Identifier: GPL-2.0
// What the daemon does about a transition that does not end in time.
#include "controller/daemon/deadline_duty.h"

#include <gmock/gmock.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "controller/core/policy/deadline.h"
#include "controller/ops/history/record.h"
#include "controller/ops/transition/ownership.h"
#include "tests/unit/daemon/duty_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kReverse[] = "[deadline]\nafter = \"60s\"\nthen = \"reverse\"\n";
constexpr char kForce[] =
    "[deadline]\nafter = \"60s\"\nthen = \"force\"\nforce = [\"test_fix\"]\n";

class DeadlineDutyTest : public DutyTest {
 protected:
  // With this policy, of a patch that has been going in for so long.
  void Begin(const std::string& policy, absl::Duration elapsed) {
    SetPolicy(policy);
    rules_.Load(/*reload=*/false);
    Start();
    Pass(elapsed);
  }

  // An operator has given --allow-force.
  void AllowForce() {
    RecordStart(context.recorder, kName);
    RecordEvent(context.recorder, kForceAllowed, "");
  }

  Rules rules_{kernel, policy};
  DeadlineDuty duty_{context.supervisor(), Engine::kKlpx, rules_};
};

TEST_F(DeadlineDutyTest, WaitsForTheDeadline) {
  Begin(kReverse, absl::Seconds(59));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(DeadlineDutyTest, ReversesAtTheDeadline) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(DeadlineDutyTest, TellsWhatItDoesInFieldsThatCanBeLookedFor) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(duty_.Step(view).ok());
  ASSERT_THAT(ToldKinds(), ElementsAre(Message::kDeadline));
  EXPECT_EQ(Told()[0].Field("KLPX_PATCH"), kName);
  EXPECT_EQ(Told()[0].Field("KLPX_TRANSITION"), "100000000000");
  EXPECT_EQ(Told()[0].Field("KLPX_TASKS"), "2");
  EXPECT_EQ(Told()[0].Field("KLPX_OUTCOME"), "reverse");
}

TEST_F(DeadlineDutyTest, WritesTheReversalIntoTheHistory) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(duty_.Step(view).ok());
  ASSERT_EQ(History().size(), 1u);
  ASSERT_EQ(History()[0].events.size(), 1u);
  EXPECT_EQ(History()[0].events[0].kind, "reverse");
  EXPECT_THAT(History()[0].events[0].text, HasSubstr("1m"));
}

TEST_F(DeadlineDutyTest, PutsThePatchBackThatWasOnItsWayOut) {
  Begin(kReverse, absl::Seconds(60));
  kernel.patches.at(kName).enabled = false;
  kernel.recent.back().patched = false;
  Look();
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=1"));
}

TEST_F(DeadlineDutyTest, ReversesOnce) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(duty_.Step(view).ok());
  Pass(absl::Seconds(1));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_EQ(kernel.writes.size(), 1u);
}

TEST_F(DeadlineDutyTest, DoesNothingWithoutADeadline) {
  Begin("", absl::Hours(1000));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineDutyTest, DoesNothingWhenThePolicyOnlyWaits) {
  Begin("[deadline]\nafter = \"60s\"\nthen = \"wait\"\n", absl::Hours(1));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineDutyTest, DoesNothingAtRest) {
  SetPolicy(kReverse);
  rules_.Load(/*reload=*/false);
  Look();
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineDutyTest, LeavesTheTransitionToItsOwner) {
  Begin(kReverse, absl::Hours(1));
  const auto other = FileLock::Try(context.ownership.file, "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineDutyTest, GivesTheOwnershipBack) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_TRUE(IsFree(context.ownership.file));
}

// A health gate of another engine's patch is open.
TEST_F(DeadlineDutyTest, KeepsTheOwnershipThatTheDaemonHadBefore) {
  Begin(kReverse, absl::Seconds(60));
  ASSERT_TRUE(Own(context.ownership));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
  EXPECT_FALSE(IsFree(context.ownership.file));
}

TEST_F(DeadlineDutyTest, LeavesWhatHasEndedSinceTheLook) {
  Begin(kReverse, absl::Seconds(60));
  kernel.recent.back().ended_ns = Now();
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineDutyTest, LeavesWhatWasTurnedRoundSinceTheLook) {
  Begin(kReverse, absl::Seconds(60));
  kernel.recent.back().reversals = 1;
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineDutyTest, LeavesTheNextTransitionOfTheSamePatch) {
  Begin(kReverse, absl::Seconds(60));
  kernel.recent.back().started_ns = Now();
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineDutyTest, FailsWithThePatchWhenTheEngineRefuses) {
  Begin(kReverse, absl::Seconds(60));
  kernel.write_errno = EBUSY;
  const absl::Status status = duty_.Step(view);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr(kName));
  EXPECT_TRUE(IsFree(context.ownership.file));
}

TEST_F(DeadlineDutyTest, ForcesWhatThePolicyNamesAndAnOperatorAllowed) {
  Begin(kForce, absl::Seconds(60));
  AllowForce();
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_EQ(kernel.recent.back().forced, 1u);
  ASSERT_THAT(ToldKinds(), ElementsAre(Message::kDeadline));
  EXPECT_EQ(Told()[0].Field("KLPX_OUTCOME"), "force");
}

TEST_F(DeadlineDutyTest, ForcesNothingThatNoOperatorAllowed) {
  Begin(kForce, absl::Hours(1));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
  ASSERT_THAT(ToldKinds(), ElementsAre(Message::kDeadlineLeft));
  EXPECT_THAT(Told()[0].text, HasSubstr("--allow-force"));
  EXPECT_EQ(Told()[0].Field("KLPX_OUTCOME"), "left");
}

TEST_F(DeadlineDutyTest, ForcesNothingThatThePolicyDoesNotName) {
  Begin("[deadline]\nafter = \"60s\"\nthen = \"force\"\nforce = [\"other\"]\n",
        absl::Hours(1));
  AllowForce();
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_THAT(ToldKinds(), ElementsAre(Message::kDeadlineLeft));
}

// What was allowed for one that has ended is not allowed for the next.
TEST_F(DeadlineDutyTest, TheForceOfAnEarlierTransitionCountsNoLonger) {
  SetPolicy(kForce);
  rules_.Load(/*reload=*/false);
  Start();
  AllowForce();
  Pass(absl::Seconds(1));
  End();
  RecordEnd(context.recorder);
  Pass(absl::Seconds(1));
  kernel.patches.at(kName).transition = true;
  kernel.patches.at(kName).enabled = false;
  kernel.recent.push_back({Now(), 0, kName, false, 0, 10});
  Pass(absl::Seconds(60));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_THAT(ToldKinds(), ElementsAre(Message::kDeadlineLeft));
}

TEST_F(DeadlineDutyTest, TellsOnceThatATransitionIsLeft) {
  Begin(kForce, absl::Hours(1));
  EXPECT_TRUE(duty_.Step(view).ok());
  Pass(absl::Seconds(1));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_EQ(Told().size(), 1u);
}

TEST_F(DeadlineDutyTest, ForcesNothingWithoutAHistoryToAsk) {
  Begin(kForce, absl::Hours(1));
  context.recorder.path = "/proc/version/history.db";
  EXPECT_EQ(KindOf(duty_.Step(view)), ErrorKind::kFailure);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineDutyTest, CallsAReversalHeldUpAfterItsLimit) {
  Begin("", absl::Seconds(1));
  kernel.recent.back().reversals = 1;
  Look();
  EXPECT_TRUE(duty_.Step(view).ok());
  Pass(kReversalTimeout - absl::Milliseconds(1));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_FALSE(view.ReversalStalled());
  Pass(absl::Milliseconds(1));
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_TRUE(view.ReversalStalled());
}

TEST_F(DeadlineDutyTest, TellsOnceThatAReversalIsHeldUp) {
  Begin("", absl::Seconds(1));
  kernel.recent.back().reversals = 1;
  for (int i = 0; i < 4; i++) {
    Pass(kReversalTimeout);
    EXPECT_TRUE(duty_.Step(view).ok());
  }
  ASSERT_THAT(ToldKinds(), ElementsAre(Message::kReversalStalled));
  EXPECT_EQ(Told()[0].Field("KLPX_OUTCOME"), "stalled");
}

TEST_F(DeadlineDutyTest, ASecondReversalHasTimeOfItsOwn) {
  Begin("", absl::Seconds(1));
  kernel.recent.back().reversals = 1;
  Look();
  EXPECT_TRUE(duty_.Step(view).ok());
  Pass(kReversalTimeout);
  EXPECT_TRUE(duty_.Step(view).ok());
  kernel.recent.back().reversals = 2;
  Look();
  EXPECT_TRUE(duty_.Step(view).ok());
  EXPECT_FALSE(view.ReversalStalled());
}

// Which has nothing but names and directions to go by.
TEST_F(DeadlineDutyTest, ReversesAPatchOfTheKernelsOwnEngine) {
  SetPolicy(kReverse);
  rules_.Load(/*reload=*/false);
  kernel.AddPatch(kName, Engine::kKernel).transition = true;
  view.kernel.running = RecentTransition{Now(), 0, kName};
  view.kernel.recent = {*view.kernel.running};
  view.kernel.moving = FindTransition(kernel, Engine::kKernel);
  view.now = kernel.now + absl::Seconds(60);
  DeadlineDuty duty(context.supervisor(), Engine::kKernel, rules_);
  EXPECT_TRUE(duty.Step(view).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(DeadlineDutyTest, LeavesTheOtherEnginesTransition) {
  Begin(kReverse, absl::Hours(1));
  DeadlineDuty duty(context.supervisor(), Engine::kKernel, rules_);
  EXPECT_TRUE(duty.Step(view).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineDutyTest, LooksMoreOftenWhileSomethingMoves) {
  const absl::Duration idle = duty_.Interval(view);
  Start();
  EXPECT_LT(duty_.Interval(view), idle);
  EXPECT_LE(duty_.Interval(view), absl::Seconds(1));
}

class TurnRoundTest : public DutyTest {};

TEST_F(TurnRoundTest, IsNoErrorForAPatchThatHasGone) {
  EXPECT_TRUE(
      TurnRound(kernel, context.recorder, {Now(), 0, "gone"}, "after 1s").ok());
}

TEST_F(TurnRoundTest, IsNoErrorForOneThatWasTurnedRoundMeanwhile) {
  Start();
  kernel.patches.at(kName).enabled = false;
  EXPECT_TRUE(
      TurnRound(kernel, context.recorder, *view.klpx.running, "after 1s").ok());
}

TEST_F(TurnRoundTest, SaysWhyItWasToBeDoneWhenItIsRefused) {
  Start();
  kernel.write_errno = EPERM;
  const absl::Status status = TurnRound(
      kernel, context.recorder, *view.klpx.running, "for the moon is full");
  EXPECT_THAT(std::string(status.message()), HasSubstr("the moon is full"));
}

}  // namespace
}  // namespace klpx
