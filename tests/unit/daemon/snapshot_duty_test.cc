// SPDX-License-Identifier: GPL-2.0
// The file that readers without rights of their own show.
#include "controller/daemon/snapshot_duty.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "controller/core/publish/snapshot.h"
#include "controller/daemon/history_duty.h"
#include "tests/unit/daemon/duty_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class SnapshotDutyTest : public DutyTest {
 protected:
  SnapshotDutyTest() { kernel.modules.push_back(KLPX_MODULE_NAME); }

  Snapshot Written() {
    SnapshotDuty duty(context.supervisor(), context.boot, rules_, "1.2.3",
                      file_);
    const absl::Status done = duty.Step(view);
    EXPECT_TRUE(done.ok()) << done;
    return Read();
  }

  Snapshot Read() {
    std::ifstream file(file_);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    absl::StatusOr<Snapshot> snapshot = ParseSnapshot(text);
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    return snapshot.ok() ? *std::move(snapshot) : Snapshot();
  }

  // A task is in the way of a transition that runs, and was looked at.
  void StartBlocked() {
    Start();
    observer.AddTask(42, "cat");
    view.klpx.blockers.resize(1);
    view.klpx.blockers[0].info = observer.tasks[0];
    view.losses.emplace();
  }

  Rules rules_{kernel, policy};
  std::string file_ = dir_ + "/snapshot.json";
};

TEST_F(SnapshotDutyTest, OfAnIdleMachineHasEveryDocument) {
  Look();
  const Snapshot snapshot = Written();
  EXPECT_EQ(snapshot.status["schema"], "klp.status/v1");
  EXPECT_TRUE(snapshot.list.is_object());
  EXPECT_TRUE(snapshot.blocking.is_object());
  EXPECT_TRUE(snapshot.history.is_object());
  EXPECT_TRUE(snapshot.errors.empty()) << snapshot.errors;
}

TEST_F(SnapshotDutyTest, SaysWhichDaemonWroteIt) {
  Look();
  const Snapshot snapshot = Written();
  EXPECT_EQ(snapshot.daemon["version"], "1.2.3");
  EXPECT_EQ(snapshot.daemon["pid"], getpid());
  EXPECT_EQ(snapshot.daemon["trouble"], nullptr);
  EXPECT_EQ(snapshot.daemon["reversal_stalled"], false);
}

TEST_F(SnapshotDutyTest, IsForNoOtherUserWhereThereIsNoGroupOfReaders) {
  Look();
  Written();
  struct stat status = {};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0707, 0600u);
}

TEST_F(SnapshotDutyTest, ShowsThePatchInTransitionAndTheTasksInItsWay) {
  StartBlocked();
  const Snapshot snapshot = Written();
  ASSERT_EQ(snapshot.status["patches"].size(), 1u);
  EXPECT_EQ(snapshot.status["patches"][0]["name"], kName);
  ASSERT_EQ(snapshot.blocking["blockers"].size(), 1u);
  EXPECT_EQ(snapshot.blocking["blockers"][0]["tid"], 42);
}

TEST_F(SnapshotDutyTest, SaysWhyBlockersCannotBeHad) {
  Start();
  view.observer_error = "no BTF here";
  const Snapshot snapshot = Written();
  EXPECT_TRUE(snapshot.blocking.is_null());
  EXPECT_THAT(snapshot.errors["blocking"].get<std::string>(),
              HasSubstr("no BTF here"));
  EXPECT_TRUE(snapshot.status.is_object());
}

TEST_F(SnapshotDutyTest, SaysThatTheReversalIsHeldUp) {
  StartBlocked();
  view.klpx.reversal_stalled = true;
  EXPECT_EQ(Written().daemon["reversal_stalled"], true);
}

TEST_F(SnapshotDutyTest, SaysWhatIsWrongWithThePolicy) {
  SetPolicy("[deadline\n");
  rules_.Load(/*reload=*/false);
  Look();
  EXPECT_EQ(Written().daemon["trouble"], rules_.mistake());
}

TEST_F(SnapshotDutyTest, ShowsTheHistory) {
  StartBlocked();
  HistoryDuty history(context.recorder, Engine::kKlpx);
  ASSERT_TRUE(history.Step(view).ok());
  const Snapshot snapshot = Written();
  ASSERT_EQ(snapshot.history["transitions"].size(), 1u);
  EXPECT_EQ(snapshot.history["transitions"][0]["patch"], kName);
}

// The rest is shown all the same.
TEST_F(SnapshotDutyTest, SaysWhyTheHistoryCannotBeRead) {
  context.recorder.path = dir_ + "/bad.db";
  std::ofstream(context.recorder.path) << "this is no database at all, is it?";
  Look();
  const Snapshot snapshot = Written();
  EXPECT_TRUE(snapshot.history.is_null());
  EXPECT_FALSE(snapshot.errors["history"].get<std::string>().empty());
  EXPECT_TRUE(snapshot.status.is_object());
}

// Reading it costs much more than the rest.
TEST_F(SnapshotDutyTest, ReadsTheHistoryWhenSomethingHasChanged) {
  SnapshotDuty duty(context.supervisor(), context.boot, rules_, "1", file_);
  view.now = kernel.now;
  view.patches = ReadPatches(kernel);
  ASSERT_TRUE(duty.Step(view).ok());
  context.recorder.path = dir_ + "/bad.db";
  std::ofstream(context.recorder.path) << "this is no database at all, is it?";
  view.now += absl::Seconds(5);
  ASSERT_TRUE(duty.Step(view).ok());
  EXPECT_TRUE(Read().errors.empty());
  view.klpx.changes++;
  ASSERT_TRUE(duty.Step(view).ok());
  EXPECT_TRUE(Read().errors.contains("history"));
}

TEST_F(SnapshotDutyTest, SaysWhenTheNextOneComes) {
  Look();
  SnapshotDuty duty(context.supervisor(), context.boot, rules_, "1", file_);
  const absl::Duration rest = duty.Interval(view);
  EXPECT_LE(rest * 3, kStaleAfter);
  EXPECT_EQ(Written().daemon["interval_ms"], absl::ToInt64Milliseconds(rest));
  Start();
  EXPECT_LT(duty.Interval(view), rest);
}

TEST_F(SnapshotDutyTest, ADirectoryThatIsNotThereIsAnError) {
  Look();
  SnapshotDuty duty(context.supervisor(), context.boot, rules_, "1",
                    dir_ + "/no/such/snapshot.json");
  EXPECT_FALSE(duty.Step(view).ok());
}

TEST_F(SnapshotDutyTest, TakesAwayWhatAKilledDaemonLeft) {
  const std::string stray = dir_ + "/.snapshot.json.a1B2c3";
  std::ofstream(stray) << "half";
  const SnapshotDuty duty(context.supervisor(), context.boot, rules_, "1",
                          file_);
  EXPECT_FALSE(std::filesystem::exists(stray));
}

}  // namespace
}  // namespace klpx
