// SPDX-License-Identifier: GPL-2.0
// Which processes may act on a transition, by locks and files.
#include "controller/ops/transition/actors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/ops/transition/ownership.h"
#include "controller/sys/proc/sysfs.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ActorsTest : public testing::Test, protected CommandTest {
 protected:
  ActorsTest() {
    context.boot.run_dir = dir_;
    context.ownership.file = context.boot.run_dir + "/owner.lock";
  }
  // Held for as long as what is returned lives.
  FileLock Hold(const std::string& name) {
    return **FileLock::Try(context.boot.run_dir + "/" + name, "enable");
  }

  void Move(const std::string& name, Engine engine) {
    FakePatch& patch = kernel.AddPatch(name, engine);
    patch.transition = true;
    patch.started = kernel.now;
    kernel.transition_time = absl::InfiniteDuration();
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
};

TEST_F(ActorsTest, WithoutLocksAndFilesThereAreNone) {
  const Actors actors =
      ReadActors(kernel, context.ownership, context.boot.run_dir);
  EXPECT_EQ(actors.owner, "");
  EXPECT_FALSE(actors.plan.has_value());
  EXPECT_FALSE(actors.daemon);
  EXPECT_FALSE(actors.deadline.has_value());
}

TEST_F(ActorsTest, TheDaemonIsKnownByItsLock) {
  EXPECT_EQ(DaemonRuns(context.boot.run_dir), false);
  {
    const FileLock lock = Hold("daemon.lock");
    EXPECT_EQ(DaemonRuns(context.boot.run_dir), true);
    EXPECT_TRUE(
        ReadActors(kernel, context.ownership, context.boot.run_dir).daemon);
  }
  EXPECT_EQ(DaemonRuns(context.boot.run_dir), false);
}

TEST_F(ActorsTest, WithoutARunDirectoryNothingIsKnownOfADaemon) {
  context.boot.run_dir = "";
  EXPECT_FALSE(DaemonRuns(context.boot.run_dir).has_value());
}

TEST_F(ActorsTest, TheOwnerIsKnownByItsLockWithItsPlan) {
  FileLock lock = Hold("owner.lock");
  lock.Describe("enable",
                PlanText({PolicyDeadline::Then::kReverse, absl::Seconds(105)}));
  const Actors actors =
      ReadActors(kernel, context.ownership, context.boot.run_dir);
  EXPECT_THAT(actors.owner, HasSubstr("(enable)"));
  ASSERT_TRUE(actors.plan.has_value());
  EXPECT_EQ(actors.plan->then, PolicyDeadline::Then::kReverse);
  EXPECT_EQ(actors.plan->at, absl::Seconds(105));
}

TEST_F(ActorsTest, APlanThatIsNoneIsNone) {
  FileLock lock = Hold("owner.lock");
  lock.Describe("enable", "explode 1");
  EXPECT_FALSE(ReadActors(kernel, context.ownership, context.boot.run_dir)
                   .plan.has_value());
}

// The note stays in the file when its process has gone.
TEST_F(ActorsTest, WhatHasGoneOwnsNothing) {
  Hold("owner.lock").Describe("enable", "reverse 105000");
  const Actors actors =
      ReadActors(kernel, context.ownership, context.boot.run_dir);
  EXPECT_EQ(actors.owner, "");
  EXPECT_FALSE(actors.plan.has_value());
}

TEST_F(ActorsTest, ItselfIsNoOtherOwner) {
  ASSERT_TRUE(Own(context.ownership));
  EXPECT_EQ(ReadActors(kernel, context.ownership, context.boot.run_dir).owner,
            "");
}

TEST_F(ActorsTest, TheDeadlineIsThatOfTheFile) {
  kernel.files["/etc/klpx/policy.toml"] =
      "[deadline]\nafter = \"60s\"\nthen = \"reverse\"\n";
  const Actors actors =
      ReadActors(kernel, context.ownership, context.boot.run_dir);
  ASSERT_TRUE(actors.deadline.has_value());
  EXPECT_EQ(actors.deadline->after, absl::Seconds(60));
}

TEST_F(ActorsTest, AFileWithAMistakeHasNoDeadline) {
  kernel.files["/etc/klpx/policy.toml"] = "[deadline\n";
  EXPECT_FALSE(ReadActors(kernel, context.ownership, context.boot.run_dir)
                   .deadline.has_value());
}

TEST_F(ActorsTest, AtRestNothingIsGoingToHappen) {
  kernel.AddPatch(kName);
  EXPECT_THAT(NextActs(kernel, ReadPatches(kernel), {}), IsEmpty());
}

TEST_F(ActorsTest, EachTransitionHasItsNextAct) {
  Move("ours", Engine::kKlpx);
  kernel.recent = {{100'000'000'000, 0, "ours", true, 0, 10}};
  Move("theirs", Engine::kKernel);
  Actors actors;
  actors.daemon = true;
  actors.deadline = {absl::Seconds(60), PolicyDeadline::Then::kReverse, {}};
  const auto acts = NextActs(kernel, ReadPatches(kernel), actors);
  ASSERT_EQ(acts.size(), 2u);
  EXPECT_THAT(acts.at("ours"), HasSubstr("revers"));
  EXPECT_FALSE(acts.at("theirs").empty());
}

}  // namespace
}  // namespace klpx
