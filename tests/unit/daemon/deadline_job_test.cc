// SPDX-License-Identifier: GPL-2.0
// What the daemon does about a transition that does not end in time.
#include "controller/daemon/deadline_job.h"

#include <gmock/gmock.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "controller/core/policy/deadline.h"
#include "controller/ops/history/record.h"
#include "controller/ops/transition/ownership.h"
#include "tests/unit/daemon/job_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kReverse[] = "[deadline]\nafter = \"60s\"\nthen = \"reverse\"\n";
constexpr char kForce[] =
    "[deadline]\nafter = \"60s\"\nthen = \"force\"\nforce = [\"test_fix\"]\n";

class DeadlineJobTest : public JobTest {
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
  DeadlineJob job_{context.supervisor(), Engine::kKlpx, rules_};
};

TEST_F(DeadlineJobTest, WaitsForTheDeadline) {
  Begin(kReverse, absl::Seconds(59));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_THAT(JournalEntries(), IsEmpty());
}

TEST_F(DeadlineJobTest, ReversesAtTheDeadline) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(DeadlineJobTest, TellsWhatItDoesInFieldsThatCanBeLookedFor) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(job_.Step(machine).ok());
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kDeadline));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_PATCH"), kName);
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_TRANSITION"), "100000000000");
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_TASKS"), "2");
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_OUTCOME"), "reverse");
}

TEST_F(DeadlineJobTest, WritesTheReversalIntoTheHistory) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(job_.Step(machine).ok());
  ASSERT_EQ(History().size(), 1u);
  ASSERT_EQ(History()[0].events.size(), 1u);
  EXPECT_EQ(History()[0].events[0].kind, "reverse");
  EXPECT_THAT(History()[0].events[0].text, HasSubstr("1m"));
}

TEST_F(DeadlineJobTest, PutsThePatchBackThatWasOnItsWayOut) {
  Begin(kReverse, absl::Seconds(60));
  kernel.patches.at(kName).enabled = false;
  kernel.recent.back().patched = false;
  Poll();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=1"));
}

TEST_F(DeadlineJobTest, ReversesOnce) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(job_.Step(machine).ok());
  Pass(absl::Seconds(1));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_EQ(kernel.writes.size(), 1u);
}

TEST_F(DeadlineJobTest, DoesNothingWithoutADeadline) {
  Begin("", absl::Hours(1000));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineJobTest, DoesNothingWhenThePolicyOnlyWaits) {
  Begin("[deadline]\nafter = \"60s\"\nthen = \"wait\"\n", absl::Hours(1));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineJobTest, DoesNothingAtRest) {
  SetPolicy(kReverse);
  rules_.Load(/*reload=*/false);
  Poll();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineJobTest, LeavesTheTransitionToItsOwner) {
  Begin(kReverse, absl::Hours(1));
  const auto other = FileLock::Try(context.ownership.file, "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineJobTest, GivesTheOwnershipBack) {
  Begin(kReverse, absl::Seconds(60));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_TRUE(IsFree(context.ownership.file));
}

// A health check of another engine's patch is open.
TEST_F(DeadlineJobTest, KeepsTheOwnershipThatTheDaemonHadBefore) {
  Begin(kReverse, absl::Seconds(60));
  ASSERT_TRUE(Own(context.ownership));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
  EXPECT_FALSE(IsFree(context.ownership.file));
}

TEST_F(DeadlineJobTest, LeavesWhatHasEndedSinceThePoll) {
  Begin(kReverse, absl::Seconds(60));
  kernel.recent.back().ended_ns = Now();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineJobTest, LeavesWhatWasTurnedRoundSinceThePoll) {
  Begin(kReverse, absl::Seconds(60));
  kernel.recent.back().reversals = 1;
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineJobTest, LeavesTheNextTransitionOfTheSamePatch) {
  Begin(kReverse, absl::Seconds(60));
  kernel.recent.back().started_ns = Now();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineJobTest, FailsWithThePatchWhenTheEngineRefuses) {
  Begin(kReverse, absl::Seconds(60));
  kernel.write_errno = EBUSY;
  const absl::Status status = job_.Step(machine);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr(kName));
  EXPECT_TRUE(IsFree(context.ownership.file));
}

TEST_F(DeadlineJobTest, ForcesWhatThePolicyNamesAndAnOperatorAllowed) {
  Begin(kForce, absl::Seconds(60));
  AllowForce();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_EQ(kernel.recent.back().forced, 1u);
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kDeadline));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_OUTCOME"), "force");
}

TEST_F(DeadlineJobTest, ForcesNothingThatNoOperatorAllowed) {
  Begin(kForce, absl::Hours(1));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kDeadlineLeft));
  EXPECT_THAT(JournalEntries()[0].text, HasSubstr("--allow-force"));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_OUTCOME"), "left");
}

TEST_F(DeadlineJobTest, ForcesNothingThatThePolicyDoesNotName) {
  Begin("[deadline]\nafter = \"60s\"\nthen = \"force\"\nforce = [\"other\"]\n",
        absl::Hours(1));
  AllowForce();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_THAT(JournalKinds(), ElementsAre(Message::kDeadlineLeft));
}

// What was allowed for one that has ended is not allowed for the next.
TEST_F(DeadlineJobTest, TheForceOfAnEarlierTransitionCountsNoLonger) {
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
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
  EXPECT_THAT(JournalKinds(), ElementsAre(Message::kDeadlineLeft));
}

TEST_F(DeadlineJobTest, TellsOnceThatATransitionIsLeft) {
  Begin(kForce, absl::Hours(1));
  EXPECT_TRUE(job_.Step(machine).ok());
  Pass(absl::Seconds(1));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_EQ(JournalEntries().size(), 1u);
}

TEST_F(DeadlineJobTest, ForcesNothingWithoutAHistoryToAsk) {
  Begin(kForce, absl::Hours(1));
  context.recorder.path = "/proc/version/history.db";
  EXPECT_EQ(KindOf(job_.Step(machine)), ErrorKind::kFailure);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineJobTest, CallsAReversalHeldUpAfterItsLimit) {
  Begin("", absl::Seconds(1));
  kernel.recent.back().reversals = 1;
  Poll();
  EXPECT_TRUE(job_.Step(machine).ok());
  Pass(kReversalTimeout - absl::Milliseconds(1));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_FALSE(machine.ReversalStalled());
  Pass(absl::Milliseconds(1));
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_TRUE(machine.ReversalStalled());
}

TEST_F(DeadlineJobTest, TellsOnceThatAReversalIsHeldUp) {
  Begin("", absl::Seconds(1));
  kernel.recent.back().reversals = 1;
  for (int i = 0; i < 4; i++) {
    Pass(kReversalTimeout);
    EXPECT_TRUE(job_.Step(machine).ok());
  }
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kReversalStalled));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_OUTCOME"), "stalled");
}

TEST_F(DeadlineJobTest, ASecondReversalHasTimeOfItsOwn) {
  Begin("", absl::Seconds(1));
  kernel.recent.back().reversals = 1;
  Poll();
  EXPECT_TRUE(job_.Step(machine).ok());
  Pass(kReversalTimeout);
  EXPECT_TRUE(job_.Step(machine).ok());
  kernel.recent.back().reversals = 2;
  Poll();
  EXPECT_TRUE(job_.Step(machine).ok());
  EXPECT_FALSE(machine.ReversalStalled());
}

// Which has nothing but names and directions to go by.
TEST_F(DeadlineJobTest, ReversesAPatchOfTheKernelsOwnEngine) {
  SetPolicy(kReverse);
  rules_.Load(/*reload=*/false);
  kernel.AddPatch(kName, Engine::kKernel).transition = true;
  machine.kernel.running = RecentTransition{Now(), 0, kName};
  machine.kernel.recent = {*machine.kernel.running};
  machine.kernel.moving = FindTransition(kernel, Engine::kKernel);
  machine.now = kernel.now + absl::Seconds(60);
  DeadlineJob job(context.supervisor(), Engine::kKernel, rules_);
  EXPECT_TRUE(job.Step(machine).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
}

TEST_F(DeadlineJobTest, LeavesTheOtherEnginesTransition) {
  Begin(kReverse, absl::Hours(1));
  DeadlineJob job(context.supervisor(), Engine::kKernel, rules_);
  EXPECT_TRUE(job.Step(machine).ok());
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(DeadlineJobTest, PollsMoreOftenWhileSomethingMoves) {
  const absl::Duration idle = job_.Interval(machine);
  Start();
  EXPECT_LT(job_.Interval(machine), idle);
  EXPECT_LE(job_.Interval(machine), absl::Seconds(1));
}

class ReverseByDaemonTest : public JobTest {};

TEST_F(ReverseByDaemonTest, IsNoErrorForAPatchThatHasGone) {
  EXPECT_TRUE(
      ReverseByDaemon(kernel, context.recorder, {Now(), 0, "gone"}, "after 1s")
          .ok());
}

TEST_F(ReverseByDaemonTest, IsNoErrorForOneThatWasTurnedRoundMeanwhile) {
  Start();
  kernel.patches.at(kName).enabled = false;
  EXPECT_TRUE(ReverseByDaemon(kernel, context.recorder, *machine.klpx.running,
                              "after 1s")
                  .ok());
}

TEST_F(ReverseByDaemonTest, SaysWhyItWasToBeDoneWhenItIsRefused) {
  Start();
  kernel.write_errno = EPERM;
  const absl::Status status = ReverseByDaemon(
      kernel, context.recorder, *machine.klpx.running, "for the moon is full");
  EXPECT_THAT(std::string(status.message()), HasSubstr("the moon is full"));
}

}  // namespace
}  // namespace klpx
