// SPDX-License-Identifier: GPL-2.0
#include "controller/tui/sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "controller/core/base/error.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SamplerTest : public testing::Test, protected CommandTest {
 protected:
  void AddInTransition() {
    kernel.files["/proc/42/task/42/stat"] =
        "42 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 "
        "20 0 1 0 0 4096\n";
    kernel.transition_time = absl::InfiniteDuration();
    kernel.AddMovingPatch(kName, 2);
  }

  Sampler sampler{kernel, observer, context.recorder};
};

TEST_F(SamplerTest, SaysThatTheEngineIsMissing) {
  const auto sample = sampler.TakeSample();
  EXPECT_THAT(sample->engine_missing, HasSubstr("klpx.ko is not loaded"));
  EXPECT_THAT(sample->patches, IsEmpty());
  EXPECT_EQ(observer.attached, 0);
}

TEST_F(SamplerTest, AttachesNothingWithoutATransition) {
  kernel.AddPatch(kName);
  const auto sample = sampler.TakeSample();
  EXPECT_EQ(sample->engine_missing, "");
  EXPECT_THAT(sample->patches, SizeIs(1));
  EXPECT_EQ(Moving(*sample), nullptr);
  EXPECT_EQ(observer.attached, 0);
}

TEST_F(SamplerTest, ReadsBlockersWithTheirFactsFromProc) {
  AddInTransition();
  observer.AddTask(42, "reader");
  kernel.files["/proc/42/cgroup"] = "0::/a.slice\n";
  kernel.files["/proc/42/cmdline"] = std::string("reader\0-x\0", 10);
  const auto sample = sampler.TakeSample();
  ASSERT_THAT(sample->blockers, SizeIs(1));
  EXPECT_EQ(sample->blockers[0].cgroup, "/a.slice");
  EXPECT_EQ(sample->blockers[0].cmdline, "reader -x");
  EXPECT_EQ(sample->blockers_missing, "");
}

TEST_F(SamplerTest, AttachesOnceAndReadsProcOncePerTask) {
  AddInTransition();
  observer.AddTask(42, "reader");
  kernel.files["/proc/42/cgroup"] = "0::/a.slice\n";
  sampler.TakeSample();
  kernel.files["/proc/42/cgroup"] = "0::/b.slice\n";
  EXPECT_EQ(sampler.TakeSample()->blockers[0].cgroup, "/a.slice");
  EXPECT_EQ(observer.attached, 1);
}

TEST_F(SamplerTest, SaysWhyTheBlockersAreNotKnown) {
  AddInTransition();
  observer.refusal = Error(ErrorKind::kBpfRefused, "no BPF here");
  const auto sample = sampler.TakeSample();
  EXPECT_EQ(sample->blockers_missing, "no BPF here");
  EXPECT_NE(Moving(*sample), nullptr);
}

TEST_F(SamplerTest, WithoutRootShowsThePatchAndSaysWhatIsMissing) {
  AddInTransition();
  kernel.root = false;
  const auto sample = sampler.TakeSample();
  EXPECT_NE(Moving(*sample), nullptr);
  EXPECT_EQ(sample->blockers_missing, "needs root; run top with sudo");
  EXPECT_EQ(observer.attached, 0);
}

TEST_F(SamplerTest, AsksTheEngineAgainWhenTheObserverIsNew) {
  AddInTransition();
  sampler.TakeSample();
  sampler.TakeSample();
  EXPECT_EQ(
      std::count(kernel.writes.begin(), kernel.writes.end(), "test_fix/kick=1"),
      1);
}

// Reading many tasks takes long. The end of a transition that was read as
// running must not stand before the events of this sample.
TEST_F(SamplerTest, ItsTimeIsThatOfItsBeginning) {
  AddInTransition();
  const int64_t begun = absl::ToInt64Nanoseconds(kernel.now);
  observer.on_read = [this] { kernel.now += absl::Seconds(2); };
  EXPECT_EQ(sampler.TakeSample()->host.monotonic_ns, begun);
}

TEST_F(SamplerTest, ReadsATaskWithItsStack) {
  AddInTransition();
  observer.AddTask(42, "reader");
  const auto sample = sampler.TakeSample();
  const TaskDetail detail = sampler.ReadTask(sample->blockers[0].info.key);
  EXPECT_THAT(detail.stack, SizeIs(2));
  EXPECT_EQ(detail.key.tid, 42u);
}

// Records only some of very many tasks, but the same ones even when new tasks
// are listed before them: a task that a sample leaves out counts as switched.
TEST_F(SamplerTest, RecordsTheSameTasksOfACrowd) {
  const TempDirectory dir;
  context.recorder.path = dir.path() + "/history.db";
  AddInTransition();
  kernel.recent.push_back(
      {absl::ToInt64Nanoseconds(kernel.now), 0, kName, true, 0, 200, 0, 0});
  for (uint32_t tid = 1000; tid < 1150; tid++) observer.AddTask(tid, "crowd");
  sampler.TakeSample();
  for (uint32_t tid = 500; tid < 550; tid++) observer.AddTask(tid, "crowd");
  for (int round = 0; round < 5; round++) {
    kernel.now += absl::Seconds(1);
    sampler.TakeSample();
  }
  auto store = HistoryStore::Open(context.recorder.path, Access::kReadOnly);
  ASSERT_TRUE(store.ok()) << store.status();
  const auto record = store->Find(1);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_THAT(record->blocked, SizeIs(100));
}

// top watches the transition, so what it shows goes into the history.
TEST_F(SamplerTest, RecordsWhatItSees) {
  const TempDirectory dir;
  context.recorder.path = dir.path() + "/history.db";
  AddInTransition();
  kernel.recent.push_back(
      {absl::ToInt64Nanoseconds(kernel.now), 0, kName, true, 0, 10, 0, 0});
  observer.AddTask(42, "reader");
  observer.tasks[0].since_ns = absl::ToInt64Nanoseconds(kernel.now);
  for (int round = 0; round < 5; round++) {
    sampler.TakeSample();
    kernel.now += absl::Seconds(1);
  }
  auto store = HistoryStore::Open(context.recorder.path, Access::kReadOnly);
  ASSERT_TRUE(store.ok()) << store.status();
  const auto record = store->Find(1);
  ASSERT_TRUE(record.ok()) << record.status();
  ASSERT_THAT(record->blocked, SizeIs(1));
  EXPECT_EQ(record->blocked[0].comm, "reader");
  ASSERT_THAT(record->watched, SizeIs(1));
  EXPECT_GE(record->watched[0].until_ns - record->watched[0].from_ns,
            3'000'000'000);
}

}  // namespace
}  // namespace klpx
