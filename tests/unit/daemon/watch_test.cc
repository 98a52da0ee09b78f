// SPDX-License-Identifier: GPL-2.0
// What the daemon sees: transitions of the kernel's own livepatch, patches, and
// which tasks are in the way. klpx.ko's memory is a file that is polled, so
// that its transitions are for the tests on a machine.
#include "controller/daemon/watch.h"

#include <gmock/gmock.h>

#include "tests/unit/daemon/duty_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class WatchTest : public DutyTest {
 protected:
  void SetUp() override {
    if (std::filesystem::exists("/sys/module/klpx")) {
      GTEST_SKIP() << "klpx.ko of this machine would be seen";
    }
  }

  // A patch of the kernel's own engine is enabled.
  void StartLivepatch() {
    kernel.AddPatch(kName, Engine::kKernel).transition = true;
  }

  void See() { watch_.Look(view); }

  void SeeAfter(absl::Duration time) {
    kernel.now += time;
    See();
  }

  Watch watch_{kernel, observer};
};

TEST_F(WatchTest, SeesNothingOnAMachineWithoutPatches) {
  See();
  EXPECT_EQ(view.now, kernel.now);
  EXPECT_FALSE(view.loaded);
  EXPECT_FALSE(view.Moves());
  EXPECT_THAT(view.patches, IsEmpty());
  EXPECT_EQ(view.observer_error, "");
  EXPECT_EQ(watch_.fd(), -1);
}

TEST_F(WatchTest, AttachesNothingWithoutAPatch) {
  See();
  EXPECT_EQ(observer.attached, 0);
}

TEST_F(WatchTest, SeesALivepatchBegin) {
  See();
  StartLivepatch();
  SeeAfter(absl::Seconds(1));
  ASSERT_TRUE(view.kernel.running.has_value());
  EXPECT_EQ(view.kernel.running->patch, kName);
  EXPECT_EQ(view.kernel.running->started_ns, Now());
  EXPECT_TRUE(view.kernel.running->patched);
  ASSERT_TRUE(view.kernel.moving.has_value());
  EXPECT_EQ(view.kernel.moving->name, kName);
  EXPECT_FALSE(view.klpx.running.has_value());
}

TEST_F(WatchTest, SeesALivepatchEnd) {
  StartLivepatch();
  See();
  kernel.patches.at(kName).transition = false;
  SeeAfter(absl::Seconds(1));
  EXPECT_FALSE(view.Moves());
  EXPECT_FALSE(view.kernel.moving.has_value());
  ASSERT_THAT(view.kernel.recent, SizeIs(1));
  EXPECT_EQ(view.kernel.recent[0].ended_ns, Now());
}

TEST_F(WatchTest, CountsChangesAndNothingElse) {
  StartLivepatch();
  See();
  const uint64_t changes = view.Changes();
  SeeAfter(absl::Seconds(1));
  EXPECT_EQ(view.Changes(), changes);
  kernel.patches.at(kName).transition = false;
  SeeAfter(absl::Seconds(1));
  EXPECT_GT(view.Changes(), changes);
}

TEST_F(WatchTest, SaysHowLongALivepatchMoves) {
  StartLivepatch();
  See();
  SeeAfter(absl::Milliseconds(1500));
  ASSERT_THAT(view.patches, SizeIs(1));
  EXPECT_EQ(view.patches[0].elapsed_ms, 1500u);
}

TEST_F(WatchTest, SeesTheTasksInTheWay) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  See();
  ASSERT_THAT(view.kernel.blockers, SizeIs(1));
  EXPECT_EQ(view.kernel.blockers[0].info.key.tid, 42u);
  EXPECT_THAT(view.kernel.blockers[0].stack,
              ElementsAre("do_open+0x10", "bpf_trampoline_7+0x5f"));
  EXPECT_TRUE(view.losses.has_value());
  EXPECT_NE(view.source, nullptr);
}

// The kernel's own engine does not count.
TEST_F(WatchTest, CountsThoseInTheWayOfALivepatchAsPending) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  observer.AddTask(43, "dd");
  See();
  ASSERT_TRUE(view.kernel.moving.has_value());
  EXPECT_EQ(view.kernel.moving->pending, 2u);
}

TEST_F(WatchTest, ATaskOfNoTransitionIsInNoWay) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  snprintf(observer.tasks[0].patch, sizeof(observer.tasks[0].patch), "other");
  See();
  EXPECT_THAT(view.Blockers(), IsEmpty());
}

TEST_F(WatchTest, ForgetsTheTasksInTheWayWhenTheTransitionHasEnded) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  See();
  kernel.patches.at(kName).transition = false;
  SeeAfter(absl::Seconds(1));
  EXPECT_THAT(view.Blockers(), IsEmpty());
  EXPECT_FALSE(view.losses.has_value());
  EXPECT_EQ(view.source, nullptr);
}

// Each look would walk the stacks of all tasks.
TEST_F(WatchTest, LooksAtTasksOnceASecond) {
  StartLivepatch();
  See();
  observer.AddTask(42, "cat");
  SeeAfter(absl::Milliseconds(900));
  EXPECT_THAT(view.Blockers(), IsEmpty());
  SeeAfter(absl::Milliseconds(100));
  EXPECT_THAT(view.Blockers(), SizeIs(1));
}

TEST_F(WatchTest, AttachesOnceForAPatch) {
  StartLivepatch();
  See();
  SeeAfter(absl::Seconds(1));
  EXPECT_EQ(observer.attached, 1);
}

TEST_F(WatchTest, SaysWhyTheObserverCannotBeHad) {
  observer.refusal = absl::InternalError("no BTF here");
  StartLivepatch();
  See();
  EXPECT_THAT(view.observer_error, HasSubstr("no BTF here"));
  EXPECT_EQ(view.source, nullptr);
  ASSERT_TRUE(view.kernel.moving.has_value());
}

TEST_F(WatchTest, TriesTheObserverAgainAtTheNextLook) {
  observer.refusal = absl::InternalError("no BTF here");
  StartLivepatch();
  See();
  observer.refusal = absl::OkStatus();
  SeeAfter(absl::Seconds(1));
  EXPECT_EQ(view.observer_error, "");
  EXPECT_NE(view.source, nullptr);
}

// An observer keeps klpx.ko in the kernel.
TEST_F(WatchTest, LetsTheObserverGoWithTheLastPatch) {
  observer.refusal = absl::InternalError("no BTF here");
  StartLivepatch();
  See();
  kernel.patches.clear();
  kernel.modules.clear();
  SeeAfter(absl::Seconds(1));
  EXPECT_THAT(view.patches, IsEmpty());
  EXPECT_EQ(view.observer_error, "");
}

TEST_F(WatchTest, AtRestReadsPatchesNowAndThen) {
  kernel.AddPatch(kName, Engine::kKernel);
  See();
  SeeAfter(absl::Seconds(10));
  kernel.AddPatch("other", Engine::kKernel);
  SeeAfter(absl::Seconds(1));
  EXPECT_THAT(view.patches, SizeIs(1));
  SeeAfter(absl::Seconds(5));
  EXPECT_THAT(view.patches, SizeIs(2));
}

TEST_F(WatchTest, WhatADutyFoundOfATransitionEndsWithIt) {
  StartLivepatch();
  See();
  view.kernel.reversal_stalled = true;
  SeeAfter(absl::Seconds(1));
  EXPECT_TRUE(view.ReversalStalled());
  kernel.patches.at(kName).transition = false;
  SeeAfter(absl::Seconds(1));
  EXPECT_FALSE(view.ReversalStalled());
}

TEST_F(WatchTest, FactsOfATaskAreReadOnce) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  See();
  kernel.files["/proc/42/cmdline"] = "cat /dev/zero";
  kernel.files["/proc/42/stat"] = "42 (cat) S 1 1 1";
  SeeAfter(absl::Seconds(1));
  ASSERT_THAT(view.Blockers(), SizeIs(1));
  EXPECT_EQ(view.Blockers()[0].cmdline, "");
}

}  // namespace
}  // namespace klpx
