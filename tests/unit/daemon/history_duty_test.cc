// SPDX-License-Identifier: GPL-2.0
// Every transition gets into the history and the journal, whatever started it.
#include "controller/daemon/history_duty.h"

#include <gmock/gmock.h>

#include "controller/core/base/error.h"
#include "tests/unit/daemon/duty_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class HistoryDutyTest : public DutyTest {
 protected:
  void Step() {
    const absl::Status status = duty_.Step(view);
    EXPECT_TRUE(status.ok()) << status;
  }

  HistoryDuty duty_{context.recorder, Engine::kKlpx};
};

TEST_F(HistoryDutyTest, ATransitionIsOnRecordWhileItRuns) {
  Start();
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].patch, kName);
  EXPECT_EQ(History()[0].outcome, Outcome::kRunning);
  EXPECT_EQ(History()[0].started_ns, Now());
}

TEST_F(HistoryDutyTest, ItsEndIsOnRecord) {
  Start();
  Step();
  Pass(absl::Seconds(2));
  End();
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].outcome, Outcome::kCompleted);
  EXPECT_EQ(History()[0].ended_ns, Now());
}

TEST_F(HistoryDutyTest, OneThatWasOverBeforeTheFirstLookIsOnRecord) {
  Start();
  Pass(absl::Seconds(2));
  End();
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].outcome, Outcome::kCompleted);
}

TEST_F(HistoryDutyTest, TwoTransitionsOfOnePatchAreTwoRecords) {
  Start();
  Step();
  Pass(absl::Seconds(1));
  End();
  Step();
  kernel.patches.at(kName).enabled = false;
  kernel.patches.at(kName).transition = true;
  Pass(absl::Seconds(1));
  kernel.recent.push_back({Now(), 0, kName, false, 0, 10});
  Look();
  Step();
  ASSERT_THAT(History(), SizeIs(2));
  EXPECT_EQ(History()[0].outcome, Outcome::kRunning);
  EXPECT_FALSE(History()[0].patching);
  EXPECT_EQ(History()[1].outcome, Outcome::kCompleted);
}

TEST_F(HistoryDutyTest, TasksInTheWayAreOnRecord) {
  Start();
  observer.AddTask(42, "cat");
  FakeBlockers source(observer.tasks);
  view.source = &source;
  view.klpx.blockers.resize(1);
  view.klpx.blockers[0].info = observer.tasks[0];
  Step();
  Pass(absl::Seconds(1));
  view.source = nullptr;
  End();
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  ASSERT_THAT(History()[0].blocked, SizeIs(1));
  EXPECT_EQ(History()[0].blocked[0].key.tid, 42u);
  EXPECT_EQ(History()[0].blocked[0].function, "do_open");
  EXPECT_THAT(History()[0].blocked[0].stack,
              ElementsAre("do_open+0x10", "bpf_trampoline_7+0x5f"));
}

// The recorder is the duty's: what it saw of one transition is not of the
// next.
TEST_F(HistoryDutyTest, ForgetsTheTransitionThatHasEnded) {
  Start();
  Step();
  EXPECT_NE(context.recorder.id, 0);
  End();
  Step();
  EXPECT_EQ(context.recorder.id, 0);
  EXPECT_THAT(context.recorder.seen, IsEmpty());
}

TEST_F(HistoryDutyTest, FailsWithTheFileThatCannotBeWritten) {
  context.recorder.path = "/proc/version/history.db";
  Start();
  const absl::Status status = duty_.Step(view);
  EXPECT_EQ(KindOf(status), ErrorKind::kFailure);
  EXPECT_THAT(std::string(status.message()),
              testing::HasSubstr("/proc/version/history.db"));
}

TEST_F(HistoryDutyTest, RecordsAgainWhenTheFileCanBeWrittenAgain) {
  const std::string good = context.recorder.path;
  context.recorder.path = "/proc/version/history.db";
  Start();
  EXPECT_FALSE(duty_.Step(view).ok());
  context.recorder.path = good;
  Pass(absl::Seconds(1));
  Step();
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].outcome, Outcome::kRunning);
}

TEST_F(HistoryDutyTest, ComesOftenWhileSomethingMovesAndAMomentAfter) {
  kernel.modules.push_back(KLPX_MODULE_NAME);
  Look();
  Step();
  view.now += absl::Seconds(10);
  Step();
  const absl::Duration rest = duty_.Interval(view);
  Start();
  EXPECT_LT(duty_.Interval(view), rest);
  Step();
  End();
  Step();
  EXPECT_LT(duty_.Interval(view), rest);
  view.now += absl::Seconds(10);
  Step();
  EXPECT_EQ(duty_.Interval(view), rest);
}

// Which says neither when a transition began nor that it was forced.
class LivepatchHistoryTest : public DutyTest {
 protected:
  LivepatchHistoryTest() {
    kernel.AddPatch(kName, Engine::kKernel).transition = true;
    Found(kernel.now);
  }

  // The daemon has seen it in transition, since then.
  void Found(absl::Duration since) {
    view.now = kernel.now;
    view.kernel.recent = {{absl::ToInt64Nanoseconds(since), 0, kName}};
    view.kernel.running = view.kernel.recent.back();
    view.kernel.moving = FindTransition(kernel, Engine::kKernel);
    view.kernel.changes++;
  }

  void Over() {
    kernel.patches.at(kName).transition = false;
    view.now = kernel.now;
    view.kernel.recent.back().ended_ns = Now();
    view.kernel.running.reset();
    view.kernel.moving.reset();
    view.kernel.changes++;
  }
};

TEST_F(LivepatchHistoryTest, IsOnRecordFromItsBeginningToItsEnd) {
  HistoryDuty duty(context.recorder, Engine::kKernel);
  EXPECT_TRUE(duty.Step(view).ok());
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].engine, "kernel");
  EXPECT_EQ(History()[0].outcome, Outcome::kRunning);
  kernel.now += absl::Seconds(3);
  Over();
  EXPECT_TRUE(duty.Step(view).ok());
  ASSERT_THAT(History(), SizeIs(1));
  EXPECT_EQ(History()[0].outcome, Outcome::kCompleted);
}

// A daemon that was killed and is started again goes by the same beginning, so
// that a deadline is not put off.
TEST_F(LivepatchHistoryTest, TakesTheBeginningFromAnEarlierDaemon) {
  {
    HistoryDuty before(context.recorder, Engine::kKernel);
    EXPECT_TRUE(before.Step(view).ok());
  }
  const int64_t began = Now();
  kernel.now += absl::Seconds(50);
  Found(kernel.now);
  Context next(context, out, err);
  HistoryDuty after(next.recorder, Engine::kKernel);
  EXPECT_TRUE(after.Step(view).ok());
  ASSERT_TRUE(view.kernel.running.has_value());
  EXPECT_EQ(view.kernel.running->started_ns, began);
  EXPECT_EQ(view.kernel.recent.back().started_ns, began);
}

// As when the history could not be opened at first: it may know the transition
// from the controller that started it.
TEST_F(LivepatchHistoryTest, ABeginningThatIsPutRightIsToldOnce) {
  {
    HistoryDuty before(context.recorder, Engine::kKernel);
    EXPECT_TRUE(before.Step(view).ok());
  }
  const int64_t began = Now();
  kernel.now += absl::Seconds(1);
  Found(kernel.now);
  Context next(context, out, err);
  next.recorder.path = "/proc/version/history.db";
  HistoryDuty history(next.recorder, Engine::kKernel);
  JournalDuty journal(Engine::kKernel);
  EXPECT_FALSE(history.Step(view).ok());
  EXPECT_TRUE(journal.Step(view).ok());
  next.recorder.path = context.recorder.path;
  EXPECT_TRUE(history.Step(view).ok());
  ASSERT_EQ(view.kernel.running->started_ns, began);
  EXPECT_TRUE(journal.Step(view).ok());
  EXPECT_THAT(ToldKinds(), ElementsAre(Message::kTransitionFound));
}

class JournalDutyTest : public DutyTest {
 protected:
  void Step() { EXPECT_TRUE(duty_.Step(view).ok()); }

  JournalDuty duty_{Engine::kKlpx};
};

TEST_F(JournalDutyTest, TellsTheBeginningAndTheEnd) {
  Step();
  Start();
  Step();
  Pass(absl::Milliseconds(2500));
  End();
  Step();
  ASSERT_THAT(ToldKinds(), ElementsAre(Message::kTransitionStarted,
                                       Message::kTransitionEnded));
  EXPECT_EQ(Told()[0].Field("KLPX_OUTCOME"), "running");
  EXPECT_EQ(Told()[1].Field("KLPX_OUTCOME"), "completed");
  EXPECT_THAT(Told()[1].text, testing::HasSubstr("2.5s"));
}

TEST_F(JournalDutyTest, EachMessageSaysWhichTransitionItIsOf) {
  Step();
  Start();
  Step();
  ASSERT_THAT(Told(), SizeIs(1));
  EXPECT_EQ(Told()[0].Field("KLPX_PATCH"), kName);
  EXPECT_EQ(Told()[0].Field("KLPX_ENGINE"), "klpx");
  EXPECT_EQ(Told()[0].Field("KLPX_TRANSITION"), "100000000000");
  EXPECT_EQ(Told()[0].Field("KLPX_TASKS"), "10");
}

TEST_F(JournalDutyTest, TasksThatWereNotCountedAreNotZero) {
  Step();
  Start();
  view.klpx.recent.back().tasks = 0;
  Step();
  ASSERT_THAT(Told(), SizeIs(1));
  EXPECT_EQ(Told()[0].Field("KLPX_TASKS"), "");
}

TEST_F(JournalDutyTest, NothingNewIsNothingToTell) {
  Start();
  Step();
  Told().clear();
  Pass(absl::Seconds(1));
  Step();
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(JournalDutyTest, OneThatRanBeforeTheDaemonIsFoundNotStarted) {
  Start();
  Step();
  EXPECT_THAT(ToldKinds(), ElementsAre(Message::kTransitionFound));
}

TEST_F(JournalDutyTest, WhatHadEndedBeforeTheDaemonIsNotToldAgain) {
  Start();
  End();
  Step();
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(JournalDutyTest, AShortOneBetweenTwoLooksIsToldWhole) {
  Step();
  Start();
  End();
  Step();
  EXPECT_THAT(ToldKinds(), ElementsAre(Message::kTransitionStarted,
                                       Message::kTransitionEnded));
}

TEST_F(JournalDutyTest, TellsAReversal) {
  Start();
  Step();
  Told().clear();
  kernel.recent.back().reversals = 1;
  kernel.recent.back().patched = false;
  Look();
  Step();
  End();
  Step();
  ASSERT_THAT(ToldKinds(), ElementsAre(Message::kTransitionReversed,
                                       Message::kTransitionEnded));
  EXPECT_EQ(Told()[1].Field("KLPX_OUTCOME"), "reversed");
}

TEST_F(JournalDutyTest, TellsThatTasksWereForced) {
  Start();
  Step();
  Told().clear();
  kernel.recent.back().forced = 3;
  End();
  Step();
  ASSERT_THAT(ToldKinds(), ElementsAre(Message::kTransitionForced,
                                       Message::kTransitionEnded));
  EXPECT_THAT(Told()[0].text, testing::HasSubstr("3 tasks"));
  EXPECT_EQ(Told()[1].Field("KLPX_OUTCOME"), "forced");
}

TEST_F(JournalDutyTest, TheOtherEnginesTransitionsAreNotIts) {
  Step();
  view.kernel.recent = {{Now(), 0, kName}};
  view.kernel.running = view.kernel.recent.back();
  Step();
  EXPECT_THAT(Told(), IsEmpty());
}

}  // namespace
}  // namespace klpx
