// SPDX-License-Identifier: GPL-2.0
// Which tasks are in the way of which patch, and what /proc knows of them.
#include "controller/ops/kernel/blockers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BlockersTest : public testing::Test, protected CommandTest {
 protected:
  // Since that moment; 0: not seen to block.
  void Add(uint32_t tid, uint64_t since_ns, const std::string& patch = kName) {
    observer.AddTask(tid, "cat");
    klpx_task_info& info = observer.tasks.back();
    info.since_ns = since_ns;
    snprintf(info.patch, sizeof(info.patch), "%s", patch.c_str());
  }

  static std::vector<uint32_t> Tids(const std::vector<Blocker>& blockers) {
    std::vector<uint32_t> tids;
    for (const Blocker& blocker : blockers) {
      tids.push_back(blocker.info.key.tid);
    }
    return tids;
  }

  FakeBlockers source_{observer.tasks};
};

TEST_F(BlockersTest, ThoseThatBlockLongestComeFirst) {
  Add(1, 300);
  Add(2, 100);
  Add(3, 0);
  Add(4, 100);
  EXPECT_THAT(Tids(ReadBlockers(source_, kName).value()),
              ElementsAre(2, 4, 1, 3));
}

TEST_F(BlockersTest, ThoseOfAnotherPatchAreLeftOut) {
  Add(1, 100);
  Add(2, 100, "other");
  EXPECT_THAT(Tids(ReadBlockers(source_, kName).value()), ElementsAre(1));
  EXPECT_THAT(ReadBlockers(source_, "").value(), IsEmpty());
}

TEST_F(BlockersTest, ThoseOfSeveralPatchesCanBeToldApart) {
  Add(1, 100);
  Add(2, 200, "other");
  Add(3, 300, "third");
  PatchState a;
  a.name = kName;
  PatchState b;
  b.name = "other";
  const std::vector<Blocker> both = ReadBlockersOf(source_, {a, b}).value();
  EXPECT_THAT(Tids(both), ElementsAre(1, 2));
  EXPECT_THAT(Tids(BlockersOf(both, b)), ElementsAre(2));
}

TEST_F(BlockersTest, AnEngineThatCountsIsBelieved) {
  PatchState patch;
  patch.transition = true;
  patch.pending = 7;
  CountPending(std::vector<Blocker>(2), patch);
  EXPECT_EQ(patch.pending, 7u);
}

TEST_F(BlockersTest, WhereTheEngineDoesNotCountThoseThatWereSeenAre) {
  PatchState patch;
  patch.engine = Engine::kKernel;
  patch.transition = true;
  CountPending(std::vector<Blocker>(2), patch);
  EXPECT_EQ(patch.pending, 2u);
}

TEST_F(BlockersTest, APatchAtRestHasNothingPending) {
  PatchState patch;
  patch.engine = Engine::kKernel;
  CountPending(std::vector<Blocker>(2), patch);
  EXPECT_FALSE(patch.pending.has_value());
}

class FillIfEmptyTest : public BlockersTest {
 protected:
  FillIfEmptyTest() {
    FakePatch& fake = kernel.AddPatch(kName);
    fake.transition = true;
    fake.started = kernel.now;
    kernel.transition_time = absl::InfiniteDuration();
    patch_.name = kName;
    patch_.pending = 2;
  }

  PatchState patch_;
};

TEST_F(FillIfEmptyTest, HasTheEngineSayAgainWhichTasksBlock) {
  FillIfEmpty(kernel, source_, patch_);
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/kick=1"));
}

TEST_F(FillIfEmptyTest, WhatIsKnownIsNotAskedFor) {
  Add(1, 100);
  FillIfEmpty(kernel, source_, patch_);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(FillIfEmptyTest, WhereNothingIsLeftNothingIsAskedFor) {
  patch_.pending = 0;
  FillIfEmpty(kernel, source_, patch_);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(FillIfEmptyTest, TheKernelsOwnEngineCannotBeAsked) {
  patch_.engine = Engine::kKernel;
  FillIfEmpty(kernel, source_, patch_);
  EXPECT_THAT(kernel.writes, IsEmpty());
}

class ProcFactsTest : public BlockersTest {
 protected:
  ProcFactsTest() {
    Add(42, 100);
    observer.tasks[0].key.start_ns = 1234560000000;
    kernel.files["/proc/42/task/42/stat"] =
        "42 (cat) S 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 0\n";
    kernel.files["/proc/42/cmdline"] = std::string("cat\0/dev/zero\0", 14);
    kernel.files["/proc/42/cgroup"] = "0::/user.slice\n";
    kernel.files["/proc/42/status"] =
        "Name:\tcat\nUid:\t1000\t1001\t1000\t1000\n";
    kernel.files["/etc/passwd"] =
        "root:x:0:0::/:/bin/sh\nalice:x:1001:1001::/:/bin/sh\n";
  }

  Blocker Read() {
    std::vector<Blocker> blockers = ReadBlockers(source_, kName).value();
    AddProcFacts(kernel, blockers);
    EXPECT_THAT(blockers, SizeIs(1));
    return blockers.front();
  }
};

TEST_F(ProcFactsTest, AreThoseOfTheTask) {
  const Blocker blocker = Read();
  EXPECT_EQ(blocker.cmdline, "cat /dev/zero");
  EXPECT_EQ(blocker.cgroup, "/user.slice");
  EXPECT_EQ(blocker.uid, 1001u);
  EXPECT_EQ(blocker.user, "alice");
}

TEST_F(ProcFactsTest, AreNotThoseOfALaterTaskOfTheSameNumber) {
  observer.tasks[0].key.start_ns = 1;
  const Blocker blocker = Read();
  EXPECT_EQ(blocker.cmdline, "");
  EXPECT_EQ(blocker.cgroup, "");
  EXPECT_FALSE(blocker.uid.has_value());
}

TEST_F(ProcFactsTest, OfATaskThatHasGoneAreNotKnown) {
  kernel.files.erase("/proc/42/task/42/stat");
  EXPECT_EQ(Read().cmdline, "");
}

TEST_F(ProcFactsTest, WhatCannotBeReadLeavesTheRest) {
  kernel.files.erase("/proc/42/cgroup");
  kernel.files["/proc/42/status"] = "Uid:\tx\n";
  const Blocker blocker = Read();
  EXPECT_EQ(blocker.cmdline, "cat /dev/zero");
  EXPECT_EQ(blocker.cgroup, "");
  EXPECT_FALSE(blocker.uid.has_value());
  EXPECT_EQ(blocker.user, "");
}

TEST_F(ProcFactsTest, AUserWithoutANameHasNone) {
  kernel.files.erase("/etc/passwd");
  const Blocker blocker = Read();
  EXPECT_EQ(blocker.uid, 1001u);
  EXPECT_EQ(blocker.user, "");
}

// Idle tasks have no entry in /proc.
TEST_F(ProcFactsTest, OfAnIdleTaskNothingIsAsked) {
  observer.tasks[0].key.tid = 0;
  kernel.files["/proc/0/cmdline"] = "wrong";
  EXPECT_EQ(Read().cmdline, "");
}

}  // namespace
}  // namespace klpx
