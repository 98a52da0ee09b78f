// SPDX-License-Identifier: GPL-2.0
// The engines' directories as typed values; what is missing is unknown.
#include "controller/sys/proc/sysfs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/sys/io/errno_status.h"
#include "tests/unit/sys/fake_kernel.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kDir[] = "/sys/kernel/klpx/test_fix";

class SysfsTest : public testing::Test {
 protected:
  SysfsTest() { kernel_.transition_time = absl::InfiniteDuration(); }

  PatchState Read() {
    const auto patch = ReadPatch(kernel_, kFakePatch);
    EXPECT_TRUE(patch.has_value());
    return patch.value_or(PatchState());
  }

  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const PatchState& patch : ReadPatches(kernel_)) {
      names.push_back(patch.name);
    }
    return names;
  }

  FakeKernel kernel_;
};

TEST_F(SysfsTest, ReadsWhatAPatchIs) {
  FakePatch& fake = kernel_.AddPatch(kFakePatch);
  fake.transition = true;
  fake.pending = 3;
  fake.started = kernel_.now - absl::Milliseconds(1500);
  const PatchState patch = Read();
  EXPECT_EQ(patch.engine, Engine::kKlpx);
  EXPECT_TRUE(patch.registered);
  EXPECT_TRUE(patch.enabled);
  EXPECT_TRUE(patch.transition);
  EXPECT_EQ(patch.tasks, 10u);
  EXPECT_EQ(patch.pending, 3u);
  EXPECT_EQ(patch.elapsed_ms, 1500u);
  EXPECT_EQ(patch.version, "1.2");
  EXPECT_EQ(patch.model, "tasks");
  ASSERT_THAT(patch.objects, SizeIs(1));
  EXPECT_EQ(patch.objects[0].name, "vmlinux");
  EXPECT_THAT(patch.objects[0].callbacks,
              ElementsAre("pre_patch", "post_unpatch"));
  ASSERT_THAT(patch.objects[0].functions, SizeIs(1));
  EXPECT_EQ(patch.objects[0].functions[0].name, "do_open");
  EXPECT_EQ(patch.objects[0].functions[0].sympos, "1");
}

TEST_F(SysfsTest, APatchThatIsNotThereIsNone) {
  EXPECT_FALSE(ReadPatch(kernel_, kFakePatch).has_value());
}

// Its directory went between two reads.
TEST_F(SysfsTest, APatchWithoutAStateIsNone) {
  kernel_.AddPatch(kFakePatch);
  kernel_.read_errno[std::string(kDir) + "/transition"] = ENODEV;
  EXPECT_FALSE(ReadPatch(kernel_, kFakePatch).has_value());
}

TEST_F(SysfsTest, WhatTheKernelsOwnEngineDoesNotSayIsUnknown) {
  kernel_.AddPatch(kFakePatch, Engine::kKernel);
  const PatchState patch = Read();
  EXPECT_EQ(patch.engine, Engine::kKernel);
  EXPECT_FALSE(patch.tasks.has_value());
  EXPECT_FALSE(patch.pending.has_value());
  EXPECT_FALSE(patch.elapsed_ms.has_value());
  EXPECT_FALSE(patch.stack_order.has_value());
  EXPECT_EQ(patch.model, "");
}

TEST_F(SysfsTest, NumbersThatAreNoneAreUnknown) {
  kernel_.AddPatch(kFakePatch).files = {
      {"tasks", "many\n"},
      {"pending", "-1\n"},
      {"elapsed_ms", "18446744073709551616\n"},
      {"stack_order", "\n"}};
  const PatchState patch = Read();
  EXPECT_FALSE(patch.tasks.has_value());
  EXPECT_FALSE(patch.pending.has_value());
  EXPECT_FALSE(patch.elapsed_ms.has_value());
  EXPECT_FALSE(patch.stack_order.has_value());
}

TEST_F(SysfsTest, TheEnginesWordForNoVersionIsNone) {
  kernel_.AddPatch(kFakePatch).files = {{"version", "0\n"}};
  EXPECT_EQ(Read().version, "");
}

TEST_F(SysfsTest, StatesComeInTheOrderOfTheirNumbers) {
  kernel_.AddPatch(kFakePatch).files = {{"states/10/name", "ten\n"},
                                        {"states/9/name", "nine\n"},
                                        {"states/9/version", "2\n"},
                                        {"states/9/block_disable", "1\n"},
                                        {"states/x/name", "none\n"}};
  const PatchState patch = Read();
  ASSERT_THAT(patch.states, SizeIs(2));
  EXPECT_EQ(patch.states[0].id, 9u);
  EXPECT_EQ(patch.states[0].version, 2u);
  EXPECT_TRUE(patch.states[0].block_disable);
  EXPECT_EQ(patch.states[1].name, "ten");
  EXPECT_FALSE(patch.states[1].version.has_value());
}

TEST_F(SysfsTest, ADirectoryWithoutPatchedIsNoObject) {
  kernel_.AddPatch(kFakePatch).files = {{"power/control", "auto\n"}};
  EXPECT_THAT(Read().objects, SizeIs(1));
}

TEST_F(SysfsTest, PatchesComeAsTheyAreStackedOursFirst) {
  kernel_.AddPatch("a", Engine::kKernel);
  kernel_.AddPatch("b").order = 2;
  kernel_.AddPatch("c").order = 1;
  EXPECT_THAT(Names(), ElementsAre("c", "b", "a"));
}

TEST_F(SysfsTest, AModuleThatIsLeftIsADisabledPatch) {
  kernel_.AddPatch(kFakePatch);
  kernel_.modules.push_back("old_fix");
  kernel_.files["/sys/module/old_fix/refcnt"] = "0\n";
  const std::vector<PatchState> patches = ReadPatches(kernel_);
  ASSERT_THAT(patches, SizeIs(2));
  EXPECT_EQ(patches[1].name, "old_fix");
  EXPECT_FALSE(patches[1].registered);
  EXPECT_FALSE(patches[1].enabled);
  EXPECT_EQ(patches[1].refcount, 0u);
}

TEST_F(SysfsTest, MarksWhatTheKernelRemovesNever) {
  kernel_.AddPatch(kFakePatch);
  kernel_.AddPatch("other").order = 2;
  kernel_.permanent = {"other"};
  const std::vector<PatchState> patches = ReadPatches(kernel_);
  ASSERT_THAT(patches, SizeIs(2));
  EXPECT_FALSE(patches[0].permanent);
  EXPECT_TRUE(patches[1].permanent);
  EXPECT_TRUE(IsPermanent(kernel_, "other"));
  EXPECT_FALSE(IsPermanent(kernel_, "absent"));
}

TEST_F(SysfsTest, AMachineWithoutAnEngineHasNoPatches) {
  EXPECT_THAT(ReadPatches(kernel_), IsEmpty());
  EXPECT_FALSE(HasEngine(kernel_, Engine::kKlpx));
  EXPECT_FALSE(HasEngine(kernel_, Engine::kKernel));
  EXPECT_FALSE(EngineAbi(kernel_).has_value());
}

TEST_F(SysfsTest, AnEngineOfAnotherAbiIsNone) {
  kernel_.modules = {KLPX_MODULE_NAME};
  EXPECT_TRUE(HasEngine(kernel_, Engine::kKlpx));
  kernel_.files["/sys/module/klpx/stats/abi"] = "1000000\n";
  EXPECT_FALSE(HasEngine(kernel_, Engine::kKlpx));
  EXPECT_EQ(EngineAbi(kernel_), 1000000u);
}

TEST_F(SysfsTest, AModuleThatIsBuiltInIsNotLoaded) {
  kernel_.files["/sys/module/ext4/parameters/x"] = "1\n";
  EXPECT_FALSE(IsModuleLoaded(kernel_, "ext4"));
}

TEST_F(SysfsTest, AModuleThatGoesIsLoadedAndNotLive) {
  kernel_.files["/sys/module/old_fix/initstate"] = "going\n";
  EXPECT_TRUE(IsModuleLoaded(kernel_, "old_fix"));
  EXPECT_FALSE(IsModuleLive(kernel_, "old_fix"));
  kernel_.files["/sys/module/old_fix/initstate"] = "live\n";
  EXPECT_TRUE(IsModuleLive(kernel_, "old_fix"));
}

TEST_F(SysfsTest, SwitchedTasksAreTheSumOfAllCounters) {
  kernel_.modules = {KLPX_MODULE_NAME};
  kernel_.switched = 5;
  EXPECT_EQ(SwitchedTasks(kernel_, Engine::kKlpx), 5u);
  EXPECT_FALSE(SwitchedTasks(kernel_, Engine::kKernel).has_value());
}

// A sum that leaves one out would be too low.
TEST_F(SysfsTest, WithoutOneCounterThereIsNoSum) {
  kernel_.modules = {KLPX_MODULE_NAME};
  kernel_.read_errno["/sys/module/klpx/stats/switched_idle"] = ENOENT;
  EXPECT_FALSE(SwitchedTasks(kernel_, Engine::kKlpx).has_value());
}

TEST_F(SysfsTest, FindsTheTransitionOfEachEngine) {
  kernel_.AddPatch("a").transition = true;
  kernel_.AddPatch("b", Engine::kKernel).transition = true;
  kernel_.AddPatch("c").order = 2;
  EXPECT_THAT(FindTransitions(kernel_), SizeIs(2));
  EXPECT_EQ(FindTransition(kernel_)->name, "a");
  EXPECT_EQ(FindTransition(kernel_, Engine::kKernel)->name, "b");
}

TEST_F(SysfsTest, AtRestThereIsNoTransition) {
  kernel_.AddPatch("a");
  EXPECT_FALSE(FindTransition(kernel_).has_value());
  EXPECT_FALSE(FindTransition(kernel_, Engine::kKernel).has_value());
}

TEST_F(SysfsTest, ALivepatchIsAFactWithoutMoreReads) {
  kernel_.AddPatch("a");
  kernel_.AddPatch("b", Engine::kKernel).transition = true;
  const std::vector<LivepatchFact> facts = ReadLivepatches(kernel_);
  ASSERT_THAT(facts, SizeIs(1));
  EXPECT_EQ(facts[0].patch, "b");
  EXPECT_TRUE(facts[0].enabled);
  EXPECT_TRUE(facts[0].transition);
}

TEST_F(SysfsTest, AnAdoptedPatchIsOneOfKlpxAndThereOnce) {
  kernel_.AddAdopted("a").transition = true;
  kernel_.AddPatch("b", Engine::kKernel);
  EXPECT_THAT(Names(), ElementsAre("a", "b"));
  const std::vector<PatchState> patches = ReadPatches(kernel_);
  EXPECT_EQ(patches[0].engine, Engine::kKlpx);
  EXPECT_TRUE(patches[0].adopted);
  EXPECT_TRUE(patches[0].takes_signals);
  EXPECT_FALSE(patches[1].adopted);
  EXPECT_THAT(FindTransitions(kernel_), SizeIs(1));
  EXPECT_THAT(ReadPatches(kernel_, Engine::kKernel), SizeIs(1));
  const std::vector<LivepatchFact> facts = ReadLivepatches(kernel_);
  ASSERT_THAT(facts, SizeIs(1));
  EXPECT_EQ(facts[0].patch, "b");
}

// klpx.ko is about to remove its directory, and the link still leads there.
TEST_F(SysfsTest, ALinkAloneIsNoPatchOfTheKernelsEngine) {
  kernel_.AddAdopted(kFakePatch);
  kernel_.read_errno[std::string(kDir) + "/enabled"] = ENOENT;
  EXPECT_FALSE(ReadPatch(kernel_, kFakePatch).has_value());
  EXPECT_THAT(ReadLivepatches(kernel_), IsEmpty());
}

TEST_F(SysfsTest, AModuleThatWasAdoptedIsDisabledWhenItsPatchHasGone) {
  kernel_.AddAdopted(kFakePatch);
  kernel_.patches.clear();
  const std::vector<PatchState> patches = ReadPatches(kernel_);
  ASSERT_THAT(patches, SizeIs(1));
  EXPECT_EQ(patches[0].engine, Engine::kKernel);
  EXPECT_FALSE(patches[0].registered);
  EXPECT_FALSE(patches[0].adopted);
}

TEST_F(SysfsTest, WritesWhereThePatchsEngineHasIt) {
  kernel_.AddPatch("a");
  kernel_.AddPatch("b", Engine::kKernel);
  EXPECT_TRUE(WriteAttribute(kernel_, "a", "enabled", "0").ok());
  kernel_.AddAdopted("c");
  EXPECT_TRUE(WriteAttribute(kernel_, "b", "enabled", "0").ok());
  kernel_.patches.erase("a");
  EXPECT_TRUE(WriteAttribute(kernel_, "c", "enabled", "0").ok());
  EXPECT_THAT(kernel_.writes,
              ElementsAre("a/enabled=0", "b/enabled=0", "c/enabled=0"));
}

TEST_F(SysfsTest, AWriteToAPatchThatHasGoneSaysSo) {
  EXPECT_EQ(ErrnoOf(WriteAttribute(kernel_, "gone", "enabled", "0")), ENOENT);
}

TEST_F(SysfsTest, KlpxPushesSingleTasksOfTheOtherEngineToo) {
  kernel_.AddPatch(kFakePatch, Engine::kKernel);
  EXPECT_FALSE(Read().takes_signals);
  kernel_.files[KLPX_SIGNAL_TASK] = "";
  EXPECT_TRUE(Read().takes_signals);
}

}  // namespace
}  // namespace klpx
