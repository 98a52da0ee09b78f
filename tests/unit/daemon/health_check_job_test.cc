// SPDX-License-Identifier: GPL-2.0
// Health checks that no command watches any more, carried to their end.
#include "controller/daemon/health_check_job.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/unit/daemon/job_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HealthCheckJobTest : public JobTest {
 protected:
  HealthCheckJobTest() {
    SetPolicy("[health]\nwatch = \"30s\"\n");
    rules_.Load(/*reload=*/false);
  }

  // The patch has just been enabled, and its watcher was killed.
  void GoneIn() {
    Start();
    Pass(absl::Seconds(1));
    End();
  }

  void Step() { EXPECT_TRUE(job_.Step(machine).ok()); }

  // As the loop does it, to the end.
  void StepFor(absl::Duration time) {
    const absl::Duration end = kernel.now + time;
    while (kernel.now < end) {
      Step();
      Pass(absl::Milliseconds(500));
    }
  }

  std::string NewestEvent() {
    const std::vector<TransitionRecord> records = History();
    if (records.empty() || records[0].events.empty()) return "";
    return records[0].events.back().kind;
  }

  Rules rules_{kernel, policy};
  HealthCheckJob job_{context.supervisor(), context.boot, rules_};
};

TEST_F(HealthCheckJobTest, PassesAPatchThatWasWellForTheWholeTime) {
  GoneIn();
  StepFor(absl::Seconds(29));
  EXPECT_THAT(JournalEntries(), IsEmpty());
  StepFor(absl::Seconds(2));
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kHealthCheckPassed));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_PATCH"), kName);
  EXPECT_EQ(NewestEvent(), kGatePassed);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(HealthCheckJobTest, TakesThePatchOutWhenTheKernelComplains) {
  GoneIn();
  Step();
  kernel.log = "4,1,103000000,-;BUG: Bad page state\n";
  kernel.files["/sys/kernel/warn_count"] = "4\n";
  StepFor(absl::Seconds(7));
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=0"));
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kHealthCheckFailed));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_PATCH"), kName);
  EXPECT_THAT(JournalEntries()[0].text, HasSubstr("Bad page state"));
}

TEST_F(HealthCheckJobTest, GivesTheOwnershipBackAfterTheVerdict) {
  GoneIn();
  Step();
  EXPECT_FALSE(IsFree(context.ownership.file));
  StepFor(absl::Seconds(32));
  EXPECT_TRUE(IsFree(context.ownership.file));
}

TEST_F(HealthCheckJobTest,
       ADaemonThatComesTooLateSaysThatTheHealthCheckHasExpired) {
  GoneIn();
  Pass(absl::Seconds(60));
  Step();
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kHealthCheckExpired));
  EXPECT_EQ(NewestEvent(), kGateExpired);
  EXPECT_TRUE(kernel.patches.at(kName).enabled);
}

TEST_F(HealthCheckJobTest, TellsEachVerdictOnce) {
  GoneIn();
  StepFor(absl::Seconds(40));
  EXPECT_EQ(JournalEntries().size(), 1u);
}

TEST_F(HealthCheckJobTest, LeavesAHealthCheckToItsOwner) {
  GoneIn();
  const auto other = FileLock::Try(context.ownership.file, "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  StepFor(absl::Seconds(40));
  EXPECT_THAT(JournalEntries(), IsEmpty());
}

TEST_F(HealthCheckJobTest, TakesAHealthCheckOverWhoseWatcherLeaves) {
  GoneIn();
  auto other = FileLock::Try(context.ownership.file, "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  StepFor(absl::Seconds(20));
  other->reset();
  StepFor(absl::Seconds(12));
  EXPECT_THAT(JournalKinds(), ElementsAre(Message::kHealthCheckPassed));
}

TEST_F(HealthCheckJobTest, LetsGoWhileATransitionRuns) {
  GoneIn();
  Step();
  kernel.patches.at(kName).enabled = false;
  kernel.patches.at(kName).transition = true;
  kernel.recent.push_back({Now(), 0, kName, false, 0, 10});
  Pass(absl::Milliseconds(100));
  Step();
  EXPECT_TRUE(IsFree(context.ownership.file));
  EXPECT_THAT(JournalEntries(), IsEmpty());
}

TEST_F(HealthCheckJobTest, HasNoneForAPatchThatWentOut) {
  Start();
  kernel.recent.back().reversals = 1;
  kernel.recent.back().patched = false;
  End();
  kernel.patches.clear();
  Poll();
  StepFor(absl::Seconds(40));
  EXPECT_THAT(JournalEntries(), IsEmpty());
  EXPECT_TRUE(IsFree(context.ownership.file));
}

TEST_F(HealthCheckJobTest, WithoutAHealthCheckInThePolicyNothingIsLookedFor) {
  SetPolicy("");
  rules_.Load(/*reload=*/false);
  GoneIn();
  Step();
  EXPECT_FALSE(std::filesystem::exists(context.ownership.file));
  EXPECT_FALSE(std::filesystem::exists(context.recorder.path));
}

// It asks the history once, for what was before it, and then only when an
// engine has something to tell.
TEST_F(HealthCheckJobTest, AnIdleDaemonLeavesTheHistoryAlone) {
  kernel.modules.push_back(KLPX_MODULE_NAME);
  Poll();
  Step();
  std::filesystem::remove(context.ownership.file);
  Pass(absl::Minutes(5));
  Step();
  EXPECT_FALSE(std::filesystem::exists(context.ownership.file));
}

TEST_F(HealthCheckJobTest, ComesOftenWhileAHealthCheckIsOpenAndRarelyAtRest) {
  Poll();
  Step();
  const absl::Duration rest = job_.Interval(machine);
  GoneIn();
  EXPECT_LT(job_.Interval(machine), rest);
  Step();
  EXPECT_LE(job_.Interval(machine), absl::Milliseconds(100));
}

TEST_F(HealthCheckJobTest, AnUnreadableHistoryIsAnErrorAndTriedAgain) {
  GoneIn();
  const std::string good = context.recorder.path;
  context.recorder.path = dir_ + "/bad.db";
  std::ofstream(context.recorder.path) << "this is no database at all, is it?";
  EXPECT_FALSE(job_.Step(machine).ok());
  EXPECT_TRUE(IsFree(context.ownership.file));
  context.recorder.path = good;
  StepFor(absl::Seconds(32));
  EXPECT_THAT(JournalKinds(), ElementsAre(Message::kHealthCheckPassed));
}

}  // namespace
}  // namespace klpx
