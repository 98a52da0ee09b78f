// SPDX-License-Identifier: GPL-2.0
// Every transition gets into the history and the journal, whatever started it.
#include "controller/daemon/history_job.h"

#include <gmock/gmock.h>

#include "controller/core/base/error.h"
#include "tests/unit/daemon/job_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class HistoryJobTest : public JobTest {
 protected:
  void Step() {
    const absl::Status status = job_.Step(machine);
    EXPECT_TRUE(status.ok()) << status;
  }

  HistoryJob job_{context.recorder, Engine::kKlpx};
};

TEST_F(HistoryJobTest, ATransitionIsOnRecordWhileItRuns) {
  Start();
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].patch, kName);
  EXPECT_EQ(History()[0].outcome, Outcome::kRunning);
  EXPECT_EQ(History()[0].started_ns, Now());
}

TEST_F(HistoryJobTest, ItsEndIsOnRecord) {
  Start();
  Step();
  Pass(absl::Seconds(2));
  End();
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].outcome, Outcome::kCompleted);
  EXPECT_EQ(History()[0].ended_ns, Now());
}

TEST_F(HistoryJobTest, OneThatWasOverBeforeTheFirstPollIsOnRecord) {
  Start();
  Pass(absl::Seconds(2));
  End();
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].outcome, Outcome::kCompleted);
}

TEST_F(HistoryJobTest, TwoTransitionsOfOnePatchAreTwoRecords) {
  Start();
  Step();
  Pass(absl::Seconds(1));
  End();
  Step();
  kernel.patches.at(kName).enabled = false;
  kernel.patches.at(kName).transition = true;
  Pass(absl::Seconds(1));
  kernel.recent.push_back({Now(), 0, kName, false, 0, 10});
  Poll();
  Step();
  ASSERT_THAT(History(), SizeIs(2));
  EXPECT_EQ(History()[0].outcome, Outcome::kRunning);
  EXPECT_FALSE(History()[0].patching);
  EXPECT_EQ(History()[1].outcome, Outcome::kCompleted);
}

TEST_F(HistoryJobTest, TasksInTheWayAreOnRecord) {
  Start();
  observer.AddTask(42, "cat");
  FakeBlockers source(observer.tasks);
  machine.source = &source;
  machine.klpx.blockers.resize(1);
  machine.klpx.blockers[0].info = observer.tasks[0];
  Step();
  Pass(absl::Seconds(1));
  machine.source = nullptr;
  End();
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  ASSERT_THAT(History()[0].blocked, SizeIs(1));
  EXPECT_EQ(History()[0].blocked[0].key.tid, 42u);
  EXPECT_EQ(History()[0].blocked[0].function, "do_open");
  EXPECT_THAT(History()[0].blocked[0].stack,
              ElementsAre("do_open+0x10", "bpf_trampoline_7+0x5f"));
}

// The recorder is the job's: what it saw of one transition is not of the
// next.
TEST_F(HistoryJobTest, ForgetsTheTransitionThatHasEnded) {
  Start();
  Step();
  EXPECT_NE(context.recorder.id, 0);
  End();
  Step();
  EXPECT_EQ(context.recorder.id, 0);
  EXPECT_THAT(context.recorder.seen, IsEmpty());
}

TEST_F(HistoryJobTest, FailsWithTheFileThatCannotBeWritten) {
  context.recorder.path = "/proc/version/history.db";
  Start();
  const absl::Status status = job_.Step(machine);
  EXPECT_EQ(KindOf(status), ErrorKind::kFailure);
  EXPECT_THAT(std::string(status.message()),
              testing::HasSubstr("/proc/version/history.db"));
}

TEST_F(HistoryJobTest, RecordsAgainWhenTheFileCanBeWrittenAgain) {
  const std::string good = context.recorder.path;
  context.recorder.path = "/proc/version/history.db";
  Start();
  EXPECT_FALSE(job_.Step(machine).ok());
  context.recorder.path = good;
  Pass(absl::Seconds(1));
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].outcome, Outcome::kRunning);
}

TEST_F(HistoryJobTest, ComesOftenWhileSomethingMovesAndAMomentAfter) {
  kernel.modules.push_back(KLPX_MODULE_NAME);
  Poll();
  Step();
  machine.now += absl::Seconds(10);
  Step();
  const absl::Duration rest = job_.Interval(machine);
  Start();
  EXPECT_LT(job_.Interval(machine), rest);
  Step();
  End();
  Step();
  EXPECT_LT(job_.Interval(machine), rest);
  machine.now += absl::Seconds(10);
  Step();
  EXPECT_EQ(job_.Interval(machine), rest);
}

// Which says neither when a transition began nor that it was forced.
class LivepatchHistoryTest : public JobTest {
 protected:
  LivepatchHistoryTest() {
    kernel.AddPatch(kName, Engine::kKernel).transition = true;
    Found(kernel.now);
  }

  // The daemon has seen it in transition, since then.
  void Found(absl::Duration since) {
    machine.now = kernel.now;
    machine.kernel.recent = {{absl::ToInt64Nanoseconds(since), 0, kName}};
    machine.kernel.running = machine.kernel.recent.back();
    machine.kernel.moving = FindTransition(kernel, Engine::kKernel);
    machine.kernel.changes++;
  }

  void Over() {
    kernel.patches.at(kName).transition = false;
    machine.now = kernel.now;
    machine.kernel.recent.back().ended_ns = Now();
    machine.kernel.running.reset();
    machine.kernel.moving.reset();
    machine.kernel.changes++;
  }
};

TEST_F(LivepatchHistoryTest, IsOnRecordFromItsBeginningToItsEnd) {
  HistoryJob job(context.recorder, Engine::kKernel);
  EXPECT_TRUE(job.Step(machine).ok());
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].engine, "kernel");
  EXPECT_EQ(History()[0].outcome, Outcome::kRunning);
  kernel.now += absl::Seconds(3);
  Over();
  EXPECT_TRUE(job.Step(machine).ok());
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].outcome, Outcome::kCompleted);
}

// A daemon that was killed and is started again goes by the same beginning, so
// that a deadline is not put off.
TEST_F(LivepatchHistoryTest, TakesTheBeginningFromAnEarlierDaemon) {
  {
    HistoryJob before(context.recorder, Engine::kKernel);
    EXPECT_TRUE(before.Step(machine).ok());
  }
  const int64_t began = Now();
  kernel.now += absl::Seconds(50);
  Found(kernel.now);
  Context next(context, out, err);
  HistoryJob after(next.recorder, Engine::kKernel);
  EXPECT_TRUE(after.Step(machine).ok());
  ASSERT_TRUE(machine.kernel.running.has_value());
  EXPECT_EQ(machine.kernel.running->started_ns, began);
  EXPECT_EQ(machine.kernel.recent.back().started_ns, began);
}

// As when the history could not be opened at first: it may know the transition
// from the controller that started it.
TEST_F(LivepatchHistoryTest, ABeginningThatIsPutRightIsToldOnce) {
  {
    HistoryJob before(context.recorder, Engine::kKernel);
    EXPECT_TRUE(before.Step(machine).ok());
  }
  const int64_t began = Now();
  kernel.now += absl::Seconds(1);
  Found(kernel.now);
  Context next(context, out, err);
  next.recorder.path = "/proc/version/history.db";
  HistoryJob history(next.recorder, Engine::kKernel);
  JournalJob journal(Engine::kKernel);
  EXPECT_FALSE(history.Step(machine).ok());
  EXPECT_TRUE(journal.Step(machine).ok());
  next.recorder.path = context.recorder.path;
  EXPECT_TRUE(history.Step(machine).ok());
  ASSERT_EQ(machine.kernel.running->started_ns, began);
  EXPECT_TRUE(journal.Step(machine).ok());
  EXPECT_THAT(JournalKinds(), ElementsAre(Message::kTransitionFound));
}

class JournalJobTest : public JobTest {
 protected:
  void Step() { EXPECT_TRUE(job_.Step(machine).ok()); }

  JournalJob job_{Engine::kKlpx};
};

TEST_F(JournalJobTest, TellsTheBeginningAndTheEnd) {
  Step();
  Start();
  Step();
  Pass(absl::Milliseconds(2500));
  End();
  Step();
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kTransitionStarted,
                                          Message::kTransitionEnded));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_OUTCOME"), "running");
  EXPECT_EQ(JournalEntries()[1].Field("KLPX_OUTCOME"), "completed");
  EXPECT_THAT(JournalEntries()[1].text, testing::HasSubstr("2.5s"));
}

TEST_F(JournalJobTest, EachMessageSaysWhichTransitionItIsOf) {
  Step();
  Start();
  Step();
  ASSERT_THAT(JournalEntries(), SizeIs(1));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_PATCH"), kName);
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_ENGINE"), "klpx");
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_TRANSITION"), "100000000000");
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_TASKS"), "10");
}

TEST_F(JournalJobTest, TasksThatWereNotCountedAreNotZero) {
  Step();
  Start();
  machine.klpx.recent.back().tasks = 0;
  Step();
  ASSERT_THAT(JournalEntries(), SizeIs(1));
  EXPECT_EQ(JournalEntries()[0].Field("KLPX_TASKS"), "");
}

TEST_F(JournalJobTest, NothingNewIsNothingToTell) {
  Start();
  Step();
  JournalEntries().clear();
  Pass(absl::Seconds(1));
  Step();
  EXPECT_THAT(JournalEntries(), IsEmpty());
}

TEST_F(JournalJobTest, OneThatRanBeforeTheDaemonIsFoundNotStarted) {
  Start();
  Step();
  EXPECT_THAT(JournalKinds(), ElementsAre(Message::kTransitionFound));
}

TEST_F(JournalJobTest, WhatHadEndedBeforeTheDaemonIsNotToldAgain) {
  Start();
  End();
  Step();
  EXPECT_THAT(JournalEntries(), IsEmpty());
}

TEST_F(JournalJobTest, AShortOneBetweenTwoPollsIsToldWhole) {
  Step();
  Start();
  End();
  Step();
  EXPECT_THAT(JournalKinds(), ElementsAre(Message::kTransitionStarted,
                                          Message::kTransitionEnded));
}

TEST_F(JournalJobTest, TellsAReversal) {
  Start();
  Step();
  JournalEntries().clear();
  kernel.recent.back().reversals = 1;
  kernel.recent.back().patched = false;
  Poll();
  Step();
  End();
  Step();
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kTransitionReversed,
                                          Message::kTransitionEnded));
  EXPECT_EQ(JournalEntries()[1].Field("KLPX_OUTCOME"), "reversed");
}

TEST_F(JournalJobTest, TellsThatTasksWereForced) {
  Start();
  Step();
  JournalEntries().clear();
  kernel.recent.back().forced = 3;
  End();
  Step();
  ASSERT_THAT(JournalKinds(), ElementsAre(Message::kTransitionForced,
                                          Message::kTransitionEnded));
  EXPECT_THAT(JournalEntries()[0].text, testing::HasSubstr("3 tasks"));
  EXPECT_EQ(JournalEntries()[1].Field("KLPX_OUTCOME"), "forced");
}

TEST_F(JournalJobTest, TheOtherEnginesTransitionsAreNotIts) {
  Step();
  machine.kernel.recent = {{Now(), 0, kName}};
  machine.kernel.running = machine.kernel.recent.back();
  Step();
  EXPECT_THAT(JournalEntries(), IsEmpty());
}

}  // namespace
}  // namespace klpx
