// SPDX-License-Identifier: GPL-2.0
// What is done, seen and come of it gets into the history, and nothing that is
// wrong with the history gets in the way of a patch.
#include "controller/ops/history/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RecordTest : public testing::Test, protected CommandTest {
 protected:
  RecordTest() {
    context.recorder.path = dir_ + "/history.db";
    context.recorder.verb = "enable";
    kernel.transition_time = absl::InfiniteDuration();
    kernel.modules = {KLPX_MODULE_NAME};
  }
  void Announce() {
    Announcement announcement;
    announcement.patch = kName;
    announcement.model = "tasks";
    announcement.replaces = {"old_fix"};
    RecordAnnouncement(context.recorder, announcement);
  }

  // The engine has started it.
  void Start() {
    kernel.AddMovingPatch(kName, 2);
    kernel.recent.push_back({Now(), 0, kName, true, 0, 10});
  }

  void End() {
    kernel.recent.back().ended_ns = Now();
    kernel.patches.at(kName).transition = false;
  }

  int64_t Now() { return absl::ToInt64Nanoseconds(kernel.now); }

  std::vector<Blocker> Tasks() {
    std::vector<Blocker> blockers;
    for (const klpx_task_info& info : observer.tasks) {
      blockers.emplace_back();
      blockers.back().info = info;
    }
    return blockers;
  }

  std::vector<TransitionRecord> History() {
    auto store = HistoryStore::Open(context.recorder.path, Access::kReadOnly);
    HistoryFilter filter;
    filter.whole = true;
    if (!store.ok()) return {};
    return store->Query(filter).value_or(std::vector<TransitionRecord>());
  }

  TransitionRecord Only() {
    const std::vector<TransitionRecord> all = History();
    EXPECT_THAT(all, SizeIs(1));
    return all.size() == 1 ? all[0] : TransitionRecord();
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
};

TEST_F(RecordTest, AnAnnouncementIsKeptBeforeTheEngineIsAsked) {
  Announce();
  const TransitionRecord record = Only();
  EXPECT_EQ(record.patch, kName);
  EXPECT_EQ(record.outcome, Outcome::kStarting);
  EXPECT_EQ(record.boot_id, "b-o-o-t");
  EXPECT_EQ(record.engine, "klpx");
  EXPECT_EQ(record.initiator.verb, "enable");
  EXPECT_THAT(record.replaces, ElementsAre("old_fix"));
  EXPECT_FALSE(record.started_ns.has_value());
}

TEST_F(RecordTest, WhatWasFoundInThePreflightIsKept) {
  Announcement announcement;
  announcement.patch = kName;
  announcement.findings = {
      {FindingCode::kAlreadyEnabled, "vmlinux", "do_open", "x", ""}};
  RecordAnnouncement(context.recorder, announcement);
  const TransitionRecord record = Only();
  ASSERT_THAT(record.findings, SizeIs(1));
  EXPECT_EQ(record.findings[0].subject, "do_open");
}

TEST_F(RecordTest, ARefusalLeavesNothing) {
  Announce();
  RecordRefusal(context.recorder);
  EXPECT_THAT(History(), IsEmpty());
}

TEST_F(RecordTest, TheStartBelongsToTheAnnouncement) {
  Announce();
  Start();
  RecordStart(context.recorder, kName);
  const TransitionRecord record = Only();
  EXPECT_EQ(record.outcome, Outcome::kRunning);
  EXPECT_EQ(record.started_ns, Now());
  EXPECT_EQ(record.initiator.verb, "enable");
}

TEST_F(RecordTest, OneThatNoControllerStartedIsFromOutside) {
  Start();
  RecordStart(context.recorder, kName);
  EXPECT_EQ(Only().initiator.by, "outside");
}

TEST_F(RecordTest, ThePolicyThatTheEngineAsksIsAnEventOnce) {
  kernel.files["/sys/module/klpx/stats/policy"] = "klpx\n";
  Start();
  RecordStart(context.recorder, kName);
  RecordStart(context.recorder, kName);
  const TransitionRecord record = Only();
  ASSERT_THAT(record.events, SizeIs(1));
  EXPECT_EQ(record.events[0].kind, kPolicyEvent);
  EXPECT_EQ(record.events[0].text, "klpx");
}

TEST_F(RecordTest, AnEngineThatSaysNothingOfItsTransitionIsAWarning) {
  kernel.AddPatch(kName).transition = true;
  RecordStart(context.recorder, kName);
  EXPECT_TRUE(context.recorder.broken);
  EXPECT_THAT(err.str(), HasSubstr(kName));
}

TEST_F(RecordTest, EventsComeInTheOrderOfTimeWithTheirAuthor) {
  Start();
  RecordStart(context.recorder, kName);
  RecordEvent(context.recorder, "signal", "to task 42");
  kernel.now += absl::Seconds(1);
  RecordEvent(context.recorder, "reverse", "");
  const TransitionRecord record = Only();
  ASSERT_THAT(record.events, SizeIs(2));
  EXPECT_EQ(record.events[0].kind, "signal");
  EXPECT_EQ(record.events[0].text, "to task 42");
  EXPECT_FALSE(record.events[0].who.empty());
  EXPECT_EQ(record.events[1].kind, "reverse");
  EXPECT_EQ(record.events[1].time_ns, Now());
}

TEST_F(RecordTest, AnEventOfNoTransitionIsNone) {
  RecordEvent(context.recorder, "signal", "to task 42");
  RecordOnce(context.recorder, 0, "signal", "to task 42");
  EXPECT_THAT(History(), IsEmpty());
  EXPECT_FALSE(context.recorder.broken);
}

TEST_F(RecordTest, OnceIsOnceForEachKind) {
  Start();
  RecordStart(context.recorder, kName);
  const int64_t id = context.recorder.id;
  RecordOnce(context.recorder, id, kGateFailing, "a");
  RecordOnce(context.recorder, id, kGateFailing, "b");
  RecordOnce(context.recorder, id, kGateFailed, "c");
  const TransitionRecord record = Only();
  ASSERT_THAT(record.events, SizeIs(2));
  EXPECT_EQ(record.events[0].text, "a");
  EXPECT_EQ(record.events[1].text, "c");
}

TEST_F(RecordTest, BlockersAreKeptWithTheirFirstStack) {
  Start();
  RecordStart(context.recorder, kName);
  observer.AddTask(42, "cat");
  FakeBlockers source(observer.tasks);
  PatchState patch;
  patch.pending = 2;
  RecordBlockers(context.recorder, source, patch, Tasks());
  RecordEnd(context.recorder);
  const TransitionRecord record = Only();
  EXPECT_EQ(record.pending, 2u);
  ASSERT_THAT(record.blocked, SizeIs(1));
  EXPECT_EQ(record.blocked[0].key.tid, 42u);
  EXPECT_EQ(record.blocked[0].comm, "cat");
  EXPECT_THAT(record.blocked[0].stack,
              ElementsAre("do_open+0x10", "bpf_trampoline_7+0x5f"));
}

TEST_F(RecordTest, ALookAfterALongGapBeginsAnotherWatch) {
  Start();
  RecordStart(context.recorder, kName);
  FakeBlockers source(observer.tasks);
  for (const int seconds : {0, 2, 2, 60, 2}) {
    kernel.now += absl::Seconds(seconds);
    RecordBlockers(context.recorder, source, {}, {});
  }
  RecordEnd(context.recorder);
  const TransitionRecord record = Only();
  ASSERT_THAT(record.watched, SizeIs(2));
  EXPECT_EQ(record.watched[0].until_ns - record.watched[0].from_ns,
            4'000'000'000);
  EXPECT_EQ(record.watched[1].until_ns, Now());
}

TEST_F(RecordTest, TheFirstSignalThatWasSeenIsTimed) {
  Start();
  RecordStart(context.recorder, kName);
  observer.AddTask(42, "cat");
  FakeBlockers source(observer.tasks);
  RecordBlockers(context.recorder, source, {}, Tasks());
  kernel.now += absl::Seconds(2);
  observer.tasks[0].signals = 1;
  RecordBlockers(context.recorder, source, {}, Tasks());
  const int64_t signalled = Now();
  kernel.now += absl::Seconds(2);
  observer.tasks[0].signals = 2;
  RecordBlockers(context.recorder, source, {}, Tasks());
  RecordEnd(context.recorder);
  const TransitionRecord record = Only();
  ASSERT_THAT(record.blocked, SizeIs(1));
  EXPECT_EQ(record.blocked[0].signals, 2u);
  EXPECT_EQ(record.blocked[0].signalled_ns, static_cast<uint64_t>(signalled));
}

// When it had come before the first look, it is not known when.
TEST_F(RecordTest, ASignalBeforeTheFirstLookHasNoTime) {
  Start();
  RecordStart(context.recorder, kName);
  observer.AddTask(42, "cat");
  observer.tasks[0].signals = 1;
  FakeBlockers source(observer.tasks);
  RecordBlockers(context.recorder, source, {}, Tasks());
  kernel.now += absl::Seconds(2);
  RecordBlockers(context.recorder, source, {}, Tasks());
  RecordEnd(context.recorder);
  ASSERT_THAT(Only().blocked, SizeIs(1));
  EXPECT_EQ(Only().blocked[0].signalled_ns, 0u);
}

TEST_F(RecordTest, ForcedTasksAreKeptWithWhereTheyWent) {
  Start();
  RecordStart(context.recorder, kName);
  observer.AddTask(42, "cat");
  RecordForces(context.recorder, Tasks(), true);
  ASSERT_THAT(Only().forces, SizeIs(1));
  EXPECT_FALSE(Only().forces[0].done);
  RecordForced(context.recorder, Tasks(), "task 42", true, /*done=*/true);
  const TransitionRecord record = Only();
  ASSERT_THAT(record.forces, SizeIs(1));
  EXPECT_TRUE(record.forces[0].done);
  EXPECT_EQ(record.forces[0].task.key.tid, 42u);
  EXPECT_EQ(record.forces[0].into, true);
  ASSERT_THAT(record.events, SizeIs(1));
  EXPECT_EQ(record.events[0].kind, "force");
}

TEST_F(RecordTest, AForceThatTheEngineRefusedIsNone) {
  Start();
  RecordStart(context.recorder, kName);
  observer.AddTask(42, "cat");
  RecordForces(context.recorder, Tasks(), true);
  RecordForced(context.recorder, Tasks(), "task 42", true, /*done=*/false);
  EXPECT_THAT(Only().forces, IsEmpty());
  EXPECT_THAT(Only().events, IsEmpty());
}

TEST_F(RecordTest, TheEndReconcilesWhatTheEngineRemembers) {
  Announce();
  Start();
  RecordStart(context.recorder, kName);
  kernel.now += absl::Seconds(3);
  End();
  RecordEnd(context.recorder);
  const TransitionRecord record = Only();
  EXPECT_EQ(record.outcome, Outcome::kCompleted);
  EXPECT_EQ(record.ended_ns, Now());
}

TEST_F(RecordTest, WithoutAPathNothingIsRecorded) {
  context.recorder.path = "";
  Announce();
  Start();
  RecordStart(context.recorder, kName);
  RecordEvent(context.recorder, "signal", "");
  RecordEnd(context.recorder);
  EXPECT_TRUE(std::filesystem::is_empty(dir_));
  EXPECT_EQ(err.str(), "");
}

TEST_F(RecordTest, AFileThatCannotBeWrittenIsOneWarning) {
  context.recorder.path = "/proc/version/history.db";
  Announce();
  Start();
  RecordStart(context.recorder, kName);
  RecordEvent(context.recorder, "signal", "");
  RecordEnd(context.recorder);
  EXPECT_TRUE(context.recorder.broken);
  const std::string said = err.str();
  EXPECT_THAT(said, HasSubstr("/proc/version"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
}

TEST_F(RecordTest, AFileThatIsNoDatabaseIsAWarning) {
  std::ofstream(context.recorder.path) << "this is no database at all, is it?";
  Announce();
  EXPECT_TRUE(context.recorder.broken);
  EXPECT_THAT(err.str(), HasSubstr(context.recorder.path));
}

TEST_F(RecordTest, AnotherRecorderDealsWithNoTransitionYet) {
  Announce();
  context.recorder.by = "boot";
  const Recorder next = AnotherRecorder(context.recorder, context.console);
  EXPECT_EQ(next.path, context.recorder.path);
  EXPECT_EQ(next.verb, "enable");
  EXPECT_EQ(next.by, "boot");
  EXPECT_NE(context.recorder.id, 0);
  EXPECT_EQ(next.id, 0);
}

TEST_F(RecordTest, AReaderOfAHistoryThatIsNotThereIsTold) {
  EXPECT_TRUE(absl::IsNotFound(
      OpenReconciled(context.recorder, dir_ + "/none.db").status()));
}

TEST_F(RecordTest, AReaderSeesWhatAKilledControllerLeft) {
  Announce();
  Start();
  context.recorder.store.reset();
  Recorder next = AnotherRecorder(context.recorder, context.console);
  kernel.now += absl::Seconds(3);
  End();
  auto store = OpenReconciled(next, next.path);
  ASSERT_TRUE(store.ok()) << store.status();
  const auto records = store->Query({});
  ASSERT_TRUE(records.ok());
  ASSERT_THAT(*records, SizeIs(1));
  EXPECT_EQ((*records)[0].outcome, Outcome::kCompleted);
}

}  // namespace
}  // namespace klpx
