// SPDX-License-Identifier: GPL-2.0
// What the daemon sees: transitions of the kernel's own livepatch, patches, and
// which tasks are in the way. klpx.ko's memory is a file that is polled, so
// that its transitions are for the tests on a machine.
#include "controller/daemon/poller.h"

#include <gmock/gmock.h>

#include "tests/unit/daemon/job_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PollerTest : public JobTest {
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

  void See() { poller_.Poll(machine); }

  void SeeAfter(absl::Duration time) {
    kernel.now += time;
    See();
  }

  Poller poller_{kernel, observer};
};

TEST_F(PollerTest, SeesNothingOnAMachineWithoutPatches) {
  See();
  EXPECT_EQ(machine.now, kernel.now);
  EXPECT_FALSE(machine.loaded);
  EXPECT_FALSE(machine.Moves());
  EXPECT_THAT(machine.patches, IsEmpty());
  EXPECT_EQ(machine.observer_error, "");
  EXPECT_EQ(poller_.fd(), -1);
}

TEST_F(PollerTest, AttachesNothingWithoutAPatch) {
  See();
  EXPECT_EQ(observer.attached, 0);
}

TEST_F(PollerTest, SeesALivepatchBegin) {
  See();
  StartLivepatch();
  SeeAfter(absl::Seconds(1));
  ASSERT_TRUE(machine.kernel.running.has_value());
  EXPECT_EQ(machine.kernel.running->patch, kName);
  EXPECT_EQ(machine.kernel.running->started_ns, Now());
  EXPECT_TRUE(machine.kernel.running->patched);
  ASSERT_TRUE(machine.kernel.moving.has_value());
  EXPECT_EQ(machine.kernel.moving->name, kName);
  EXPECT_FALSE(machine.klpx.running.has_value());
}

TEST_F(PollerTest, SeesALivepatchEnd) {
  StartLivepatch();
  See();
  kernel.patches.at(kName).transition = false;
  SeeAfter(absl::Seconds(1));
  EXPECT_FALSE(machine.Moves());
  EXPECT_FALSE(machine.kernel.moving.has_value());
  ASSERT_THAT(machine.kernel.recent, SizeIs(1));
  EXPECT_EQ(machine.kernel.recent[0].ended_ns, Now());
}

TEST_F(PollerTest, CountsChangesAndNothingElse) {
  StartLivepatch();
  See();
  const uint64_t changes = machine.Changes();
  SeeAfter(absl::Seconds(1));
  EXPECT_EQ(machine.Changes(), changes);
  kernel.patches.at(kName).transition = false;
  SeeAfter(absl::Seconds(1));
  EXPECT_GT(machine.Changes(), changes);
}

TEST_F(PollerTest, SaysHowLongALivepatchMoves) {
  StartLivepatch();
  See();
  SeeAfter(absl::Milliseconds(1500));
  ASSERT_THAT(machine.patches, SizeIs(1));
  EXPECT_EQ(machine.patches[0].elapsed_ms, 1500u);
}

TEST_F(PollerTest, SeesTheTasksInTheWay) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  See();
  ASSERT_THAT(machine.kernel.blockers, SizeIs(1));
  EXPECT_EQ(machine.kernel.blockers[0].info.key.tid, 42u);
  EXPECT_THAT(machine.kernel.blockers[0].stack,
              ElementsAre("do_open+0x10", "bpf_trampoline_7+0x5f"));
  EXPECT_TRUE(machine.losses.has_value());
  EXPECT_NE(machine.source, nullptr);
}

// The kernel's own engine does not count.
TEST_F(PollerTest, CountsThoseInTheWayOfALivepatchAsPending) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  observer.AddTask(43, "dd");
  See();
  ASSERT_TRUE(machine.kernel.moving.has_value());
  EXPECT_EQ(machine.kernel.moving->pending, 2u);
}

TEST_F(PollerTest, ATaskOfNoTransitionIsInNoWay) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  snprintf(observer.tasks[0].patch, sizeof(observer.tasks[0].patch), "other");
  See();
  EXPECT_THAT(machine.Blockers(), IsEmpty());
}

TEST_F(PollerTest, ForgetsTheTasksInTheWayWhenTheTransitionHasEnded) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  See();
  kernel.patches.at(kName).transition = false;
  SeeAfter(absl::Seconds(1));
  EXPECT_THAT(machine.Blockers(), IsEmpty());
  EXPECT_FALSE(machine.losses.has_value());
  EXPECT_EQ(machine.source, nullptr);
}

// Each poll would walk the stacks of all tasks.
TEST_F(PollerTest, PollsTasksOnceASecond) {
  StartLivepatch();
  See();
  observer.AddTask(42, "cat");
  SeeAfter(absl::Milliseconds(900));
  EXPECT_THAT(machine.Blockers(), IsEmpty());
  SeeAfter(absl::Milliseconds(100));
  EXPECT_THAT(machine.Blockers(), SizeIs(1));
}

TEST_F(PollerTest, AttachesOnceForAPatch) {
  StartLivepatch();
  See();
  SeeAfter(absl::Seconds(1));
  EXPECT_EQ(observer.attached, 1);
}

TEST_F(PollerTest, SaysWhyTheObserverCannotBeHad) {
  observer.refusal = absl::InternalError("no BTF here");
  StartLivepatch();
  See();
  EXPECT_THAT(machine.observer_error, HasSubstr("no BTF here"));
  EXPECT_EQ(machine.source, nullptr);
  ASSERT_TRUE(machine.kernel.moving.has_value());
}

TEST_F(PollerTest, TriesTheObserverAgainAtTheNextPoll) {
  observer.refusal = absl::InternalError("no BTF here");
  StartLivepatch();
  See();
  observer.refusal = absl::OkStatus();
  SeeAfter(absl::Seconds(1));
  EXPECT_EQ(machine.observer_error, "");
  EXPECT_NE(machine.source, nullptr);
}

// An observer keeps klpx.ko in the kernel.
TEST_F(PollerTest, LetsTheObserverGoWithTheLastPatch) {
  observer.refusal = absl::InternalError("no BTF here");
  StartLivepatch();
  See();
  kernel.patches.clear();
  kernel.modules.clear();
  SeeAfter(absl::Seconds(1));
  EXPECT_THAT(machine.patches, IsEmpty());
  EXPECT_EQ(machine.observer_error, "");
}

TEST_F(PollerTest, AtRestReadsPatchesNowAndThen) {
  kernel.AddPatch(kName, Engine::kKernel);
  See();
  SeeAfter(absl::Seconds(10));
  kernel.AddPatch("other", Engine::kKernel);
  SeeAfter(absl::Seconds(1));
  EXPECT_THAT(machine.patches, SizeIs(1));
  SeeAfter(absl::Seconds(5));
  EXPECT_THAT(machine.patches, SizeIs(2));
}

TEST_F(PollerTest, WhatAJobFoundOfATransitionEndsWithIt) {
  StartLivepatch();
  See();
  machine.kernel.reversal_stalled = true;
  SeeAfter(absl::Seconds(1));
  EXPECT_TRUE(machine.ReversalStalled());
  kernel.patches.at(kName).transition = false;
  SeeAfter(absl::Seconds(1));
  EXPECT_FALSE(machine.ReversalStalled());
}

TEST_F(PollerTest, FactsOfATaskAreReadOnce) {
  StartLivepatch();
  observer.AddTask(42, "cat");
  See();
  kernel.files["/proc/42/cmdline"] = "cat /dev/zero";
  kernel.files["/proc/42/stat"] = "42 (cat) S 1 1 1";
  SeeAfter(absl::Seconds(1));
  ASSERT_THAT(machine.Blockers(), SizeIs(1));
  EXPECT_EQ(machine.Blockers()[0].cmdline, "");
}

}  // namespace
}  // namespace klpx
