// SPDX-License-Identifier: GPL-2.0
// What the jobs ask of the daemon's state of both engines.
#include "controller/daemon/machine_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace klpx {
namespace {

using ::testing::IsEmpty;

PatchState Patch(const std::string& name) {
  PatchState patch;
  patch.name = name;
  return patch;
}

Blocker Task(uint32_t tid) {
  Blocker blocker;
  blocker.info.key.tid = tid;
  return blocker;
}

TEST(MachineStateTest, NothingMovesAtFirst) {
  const MachineState machine;
  EXPECT_FALSE(machine.Moves());
  EXPECT_FALSE(machine.ReversalStalled());
  EXPECT_THAT(machine.Moving(), IsEmpty());
  EXPECT_THAT(machine.Blockers(), IsEmpty());
}

TEST(MachineStateTest, EachEngineHasItsPart) {
  MachineState machine;
  EXPECT_EQ(&machine.Of(Engine::kKlpx), &machine.klpx);
  EXPECT_EQ(&machine.Of(Engine::kKernel), &machine.kernel);
}

TEST(MachineStateTest, MovesWhenEitherEngineDoes) {
  MachineState machine;
  machine.kernel.running.emplace();
  EXPECT_TRUE(machine.Moves());
  machine.kernel.running.reset();
  machine.klpx.running.emplace();
  EXPECT_TRUE(machine.Moves());
}

TEST(MachineStateTest, AStalledReversalOfEitherEngineCounts) {
  MachineState machine;
  machine.kernel.reversal_stalled = true;
  EXPECT_TRUE(machine.ReversalStalled());
}

TEST(MachineStateTest, ChangesOfBothEnginesCount) {
  MachineState machine;
  machine.klpx.changes = 2;
  machine.kernel.changes = 3;
  EXPECT_EQ(machine.Changes(), 5u);
}

TEST(MachineStateTest, TransitionsOfBothEnginesAreThereOursFirst) {
  MachineState machine;
  machine.kernel.moving = Patch("b");
  machine.klpx.moving = Patch("a");
  ASSERT_EQ(machine.Moving().size(), 2u);
  EXPECT_EQ(machine.Moving()[0].name, "a");
  EXPECT_EQ(machine.Moving()[1].name, "b");
}

TEST(MachineStateTest, BlockersOfBothEnginesAreThereOursFirst) {
  MachineState machine;
  machine.kernel.blockers = {Task(2)};
  machine.klpx.blockers = {Task(1)};
  ASSERT_EQ(machine.Blockers().size(), 2u);
  EXPECT_EQ(machine.Blockers()[0].info.key.tid, 1u);
  EXPECT_EQ(machine.Blockers()[1].info.key.tid, 2u);
}

}  // namespace
}  // namespace klpx
