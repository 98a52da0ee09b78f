// SPDX-License-Identifier: GPL-2.0
// What the verbs write to the history, the verbs history and explain, and that
// a broken history never blocks a patch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/ops/history/record.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class HistoryTest : public testing::Test, protected CommandTest {
 protected:
  HistoryTest() {
    Restart();
    observer.AddTask(42, "cat");
    observer.tasks[0].since_ns = 100'000'000'000;
  }
  // Starts over like a new process, with nothing in memory.
  void Restart() {
    std::destroy_at(&context.recorder);
    std::construct_at(&context.recorder, Recorder{kernel, context.console});
    context.recorder.path = dir_ + "/history.db";
    context.recorder.initiator.by = "cli";
    context.recorder.initiator.user = "root";
  }

  absl::StatusOr<int> Enable(absl::Duration timeout = absl::Minutes(1)) {
    EnableOptions options;
    options.patch = kFile;
    options.wait.timeout = timeout;
    return RunEnable(context, options);
  }

  std::vector<TransitionRecord> All() {
    Restart();
    HistoryFilter filter;
    filter.whole = true;
    return OpenReconciled(context.recorder, context.recorder.path)
        ->Query(filter)
        .value();
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
};

TEST_F(HistoryTest, EnableAndDisableAreTwoTransitions) {
  ASSERT_TRUE(Enable().ok());
  Restart();
  ASSERT_TRUE(RunDisable(context, {kName, {}}).ok());
  const auto all = All();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_TRUE(all[1].patching);
  EXPECT_FALSE(all[0].patching);
  for (const TransitionRecord& record : all) {
    EXPECT_EQ(record.outcome, Outcome::kCompleted);
    EXPECT_EQ(record.initiator.user, "root");
    EXPECT_EQ(TookMs(record), 100u);
    EXPECT_EQ(record.tasks, 10u);
  }
}

TEST_F(HistoryTest, ARefusalIsNoTransition) {
  kernel.patch_errno = EINVAL;
  EXPECT_FALSE(Enable().ok());
  EXPECT_THAT(All(), IsEmpty());
}

TEST_F(HistoryTest, RecordsBlockersWithTheirStacks) {
  kernel.transition_time = absl::Seconds(5);
  ASSERT_TRUE(Enable().ok());
  const auto all = All();
  ASSERT_THAT(all, SizeIs(1));
  ASSERT_THAT(all[0].blocked, SizeIs(1));
  EXPECT_EQ(all[0].blocked[0].comm, "cat");
  EXPECT_EQ(all[0].blocked[0].stack[0], "do_open+0x10");
  EXPECT_GE(BlockedMs(all[0].blocked[0]), 4000u);
}

TEST_F(HistoryTest, TheNextCommandCompletesTheRecordsOfAKilledOne) {
  kernel.transition_time = absl::Seconds(5);
  EnableOptions options;
  options.patch = kFile;
  options.wait.no_wait = true;
  ASSERT_TRUE(RunEnable(context, options).ok());
  EXPECT_EQ(All()[0].outcome, Outcome::kRunning);
  kernel.now += absl::Minutes(10);
  EXPECT_EQ(All()[0].outcome, Outcome::kCompleted);
  EXPECT_EQ(TookMs(All()[0]), 5000u);
}

TEST_F(HistoryTest, ATimeoutIsAnEventAndAReversalAnOutcome) {
  kernel.transition_time = absl::InfiniteDuration();
  EXPECT_EQ(KindOf(Enable(absl::Seconds(2)).status()),
            ErrorKind::kStillRunning);
  Restart();
  kernel.transition_time = absl::Seconds(1);
  kernel.patches[kName].started = kernel.now;
  ASSERT_TRUE(RunReverse(context, {kName, {}}).ok());
  const auto all = All();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].outcome, Outcome::kReversed);
  ASSERT_THAT(all[0].events, SizeIs(2));
  EXPECT_EQ(all[0].events[0].kind, "gave-up");
  EXPECT_EQ(all[0].events[0].text, "after 2s");
  EXPECT_EQ(all[0].events[1].kind, "reverse");
}

TEST_F(HistoryTest, ForcedTasksAreKeptAndThePatchIsMarked) {
  kernel.transition_time = absl::InfiniteDuration();
  EXPECT_FALSE(Enable(absl::Seconds(2)).ok());
  Restart();
  ASSERT_TRUE(
      RunForce(context.supervisor(), {kName, 42, /*understood=*/true}).ok());
  const auto all = All();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].outcome, Outcome::kForced);
  ASSERT_THAT(all[0].forces, SizeIs(1));
  EXPECT_TRUE(all[0].forces[0].done);
  EXPECT_EQ(all[0].forces[0].task.stack[0], "do_open+0x10");
  ASSERT_TRUE(RunList(context, {}).ok());
  EXPECT_THAT(out.str(), HasSubstr("1 task forced into it"));
  ASSERT_TRUE(RunExplain(context, {absl::StrCat(all[0].id), ""}).ok());
  EXPECT_THAT(out.str(), HasSubstr("root forced task 42"));
}

TEST_F(HistoryTest, ABrokenHistoryBlocksNoPatch) {
  std::ofstream(context.recorder.path) << std::string(9000, 'x');
  ASSERT_TRUE(Enable().ok());
  EXPECT_THAT(err.str(), HasSubstr("warning: history " + dir_));
  EXPECT_THAT(err.str(), HasSubstr("the patch is not affected"));
  Restart();
  ASSERT_TRUE(RunDisable(context, {kName, {}}).ok());
  EXPECT_FALSE(RunHistory(context, {}).ok());
}

TEST_F(HistoryTest, HistoryIsEmptyAtFirst) {
  ASSERT_TRUE(RunHistory(context, {}).ok());
  EXPECT_EQ(out.str(), "no transitions on record\n");
  EXPECT_EQ(KindOf(RunExplain(context, {"1", ""}).status()),
            ErrorKind::kFailure);
  EXPECT_FALSE(std::filesystem::exists(context.recorder.path));
}

TEST_F(HistoryTest, ExplainsTheNewestOfAllOrOfAPatch) {
  ASSERT_TRUE(Enable().ok());
  Restart();
  ASSERT_TRUE(RunDisable(context, {kName, {}}).ok());
  for (const char* which : {"", "last", "newest", kName, "test-fix", "2"}) {
    out.str("");
    Restart();
    ASSERT_TRUE(RunExplain(context, {which, ""}).ok()) << which;
    EXPECT_THAT(out.str(), HasSubstr("Transition 2: disabling test_fix"));
  }
  const absl::Status status = RunExplain(context, {"nosuch", ""}).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kFailure);
  EXPECT_THAT(std::string(status.message()), HasSubstr("of 'nosuch'"));
}

TEST_F(HistoryTest, TellsNoMatchFromAnEmptyHistory) {
  ASSERT_TRUE(Enable().ok());
  HistoryOptions options;
  options.patch = "other*";
  ASSERT_TRUE(RunHistory(context, options).ok());
  EXPECT_EQ(out.str().substr(out.str().rfind("no ")),
            "no transition on record matches\n");
  options.patch = "test_*";
  out.str("");
  ASSERT_TRUE(RunHistory(context, options).ok());
  EXPECT_THAT(out.str(), HasSubstr("test_fix"));
}

TEST_F(HistoryTest, RecordsWhenItWasWatchedAndSignalled) {
  kernel.transition_time = absl::InfiniteDuration();
  kernel.on_sleep = [this] {
    if (kernel.now > absl::Seconds(103)) observer.tasks[0].signals = 1;
  };
  EXPECT_FALSE(Enable(absl::Seconds(6)).ok());
  kernel.now += absl::Seconds(60);
  Restart();
  const auto all = All();
  ASSERT_THAT(all[0].watched, SizeIs(1));
  EXPECT_GE(all[0].watched[0].until_ns, 104'000'000'000);
  EXPECT_LE(all[0].watched[0].until_ns, 107'000'000'000);
  EXPECT_GE(all[0].blocked[0].signalled_ns, 103'000'000'000u);
  EXPECT_FALSE(WasWatched(all[0], 150'000'000'000));
}

// Unloading a patch again is a success; a mistyped name is an error.
TEST_F(HistoryTest, UnloadTellsAnUnloadedPatchFromAnUnknownName) {
  ASSERT_TRUE(Enable().ok());
  Restart();
  ASSERT_TRUE(RunUnload(context, {kName, {}}).ok());
  Restart();
  EXPECT_TRUE(RunUnload(context, {kName, {}}).ok());
  EXPECT_THAT(out.str(), HasSubstr("not loaded"));
  EXPECT_EQ(KindOf(RunUnload(context, {"tset_fix", {}}).status()),
            ErrorKind::kNoSuchPatch);
}

TEST_F(HistoryTest, RefusesFiltersThatItDoesNotUnderstand) {
  HistoryOptions options;
  options.since = "whenever";
  EXPECT_EQ(KindOf(RunHistory(context, options).status()), ErrorKind::kUsage);
  options = {};
  options.outcome = "fine";
  EXPECT_EQ(KindOf(RunHistory(context, options).status()), ErrorKind::kUsage);
}

TEST_F(HistoryTest, IsForRoot) {
  kernel.root = false;
  EXPECT_EQ(KindOf(RunHistory(context, {}).status()), ErrorKind::kNotPermitted);
}

}  // namespace
}  // namespace klpx
