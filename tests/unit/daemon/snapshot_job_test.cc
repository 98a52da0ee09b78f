// SPDX-License-Identifier: GPL-2.0
// The file that readers without rights of their own show.
#include "controller/daemon/snapshot_job.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "controller/core/publish/snapshot.h"
#include "controller/daemon/history_job.h"
#include "tests/unit/daemon/job_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class SnapshotJobTest : public JobTest {
 protected:
  SnapshotJobTest() { kernel.modules.push_back(KLPX_MODULE_NAME); }

  Snapshot Written() {
    SnapshotJob job(context.supervisor(), context.boot, rules_, "1.2.3", file_);
    const absl::Status done = job.Step(machine);
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
    machine.klpx.blockers.resize(1);
    machine.klpx.blockers[0].info = observer.tasks[0];
    machine.losses.emplace();
  }

  Rules rules_{kernel, policy};
  std::string file_ = dir_ + "/snapshot.json";
};

TEST_F(SnapshotJobTest, OfAnIdleMachineHasEveryDocument) {
  Poll();
  const Snapshot snapshot = Written();
  EXPECT_EQ(snapshot.status["schema"], "klp.status/v1");
  EXPECT_TRUE(snapshot.list.is_object());
  EXPECT_TRUE(snapshot.blocking.is_object());
  EXPECT_TRUE(snapshot.history.is_object());
  EXPECT_TRUE(snapshot.errors.empty()) << snapshot.errors;
}

TEST_F(SnapshotJobTest, SaysWhichDaemonWroteIt) {
  Poll();
  const Snapshot snapshot = Written();
  EXPECT_EQ(snapshot.daemon["version"], "1.2.3");
  EXPECT_EQ(snapshot.daemon["pid"], getpid());
  EXPECT_EQ(snapshot.daemon["trouble"], nullptr);
  EXPECT_EQ(snapshot.daemon["reversal_stalled"], false);
}

TEST_F(SnapshotJobTest, IsForNoOtherUserWhereThereIsNoGroupOfReaders) {
  Poll();
  Written();
  struct stat status = {};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0707, 0600u);
}

TEST_F(SnapshotJobTest, ShowsThePatchInTransitionAndTheTasksInItsWay) {
  StartBlocked();
  const Snapshot snapshot = Written();
  ASSERT_EQ(snapshot.status["patches"].size(), 1u);
  EXPECT_EQ(snapshot.status["patches"][0]["name"], kName);
  ASSERT_EQ(snapshot.blocking["blockers"].size(), 1u);
  EXPECT_EQ(snapshot.blocking["blockers"][0]["tid"], 42);
}

TEST_F(SnapshotJobTest, SaysWhyBlockersCannotBeHad) {
  Start();
  machine.observer_error = "no BTF here";
  const Snapshot snapshot = Written();
  EXPECT_TRUE(snapshot.blocking.is_null());
  EXPECT_THAT(snapshot.errors["blocking"].get<std::string>(),
              HasSubstr("no BTF here"));
  EXPECT_TRUE(snapshot.status.is_object());
}

TEST_F(SnapshotJobTest, SaysThatTheReversalIsHeldUp) {
  StartBlocked();
  machine.klpx.reversal_stalled = true;
  EXPECT_EQ(Written().daemon["reversal_stalled"], true);
}

TEST_F(SnapshotJobTest, SaysWhatIsWrongWithThePolicy) {
  SetPolicy("[deadline\n");
  rules_.Load(/*reload=*/false);
  Poll();
  EXPECT_EQ(Written().daemon["trouble"], rules_.mistake());
}

TEST_F(SnapshotJobTest, ShowsTheHistory) {
  StartBlocked();
  HistoryJob history(context.recorder, Engine::kKlpx);
  ASSERT_TRUE(history.Step(machine).ok());
  const Snapshot snapshot = Written();
  ASSERT_EQ(snapshot.history["transitions"].size(), 1u);
  EXPECT_EQ(snapshot.history["transitions"][0]["patch"], kName);
}

// The rest is shown all the same.
TEST_F(SnapshotJobTest, SaysWhyTheHistoryCannotBeRead) {
  context.recorder.path = dir_ + "/bad.db";
  std::ofstream(context.recorder.path) << "this is no database at all, is it?";
  Poll();
  const Snapshot snapshot = Written();
  EXPECT_TRUE(snapshot.history.is_null());
  EXPECT_FALSE(snapshot.errors["history"].get<std::string>().empty());
  EXPECT_TRUE(snapshot.status.is_object());
}

// Reading it costs much more than the rest.
TEST_F(SnapshotJobTest, ReadsTheHistoryWhenSomethingHasChanged) {
  SnapshotJob job(context.supervisor(), context.boot, rules_, "1", file_);
  machine.now = kernel.now;
  machine.patches = ReadPatches(kernel);
  ASSERT_TRUE(job.Step(machine).ok());
  context.recorder.path = dir_ + "/bad.db";
  std::ofstream(context.recorder.path) << "this is no database at all, is it?";
  machine.now += absl::Seconds(5);
  ASSERT_TRUE(job.Step(machine).ok());
  EXPECT_TRUE(Read().errors.empty());
  machine.klpx.changes++;
  ASSERT_TRUE(job.Step(machine).ok());
  EXPECT_TRUE(Read().errors.contains("history"));
}

TEST_F(SnapshotJobTest, SaysWhenTheNextOneComes) {
  Poll();
  SnapshotJob job(context.supervisor(), context.boot, rules_, "1", file_);
  const absl::Duration rest = job.Interval(machine);
  EXPECT_LE(rest * 3, kStaleAfter);
  EXPECT_EQ(Written().daemon["interval_ms"], absl::ToInt64Milliseconds(rest));
  Start();
  EXPECT_LT(job.Interval(machine), rest);
}

TEST_F(SnapshotJobTest, ADirectoryThatIsNotThereIsAnError) {
  Poll();
  SnapshotJob job(context.supervisor(), context.boot, rules_, "1",
                  dir_ + "/no/such/snapshot.json");
  EXPECT_FALSE(job.Step(machine).ok());
}

TEST_F(SnapshotJobTest, TakesAwayWhatAKilledDaemonLeft) {
  const std::string stray = dir_ + "/.snapshot.json.a1B2c3";
  std::ofstream(stray) << "half";
  const SnapshotJob job(context.supervisor(), context.boot, rules_, "1", file_);
  EXPECT_FALSE(std::filesystem::exists(stray));
}

}  // namespace
}  // namespace klpx
