// SPDX-License-Identifier: GPL-2.0
// What the duties ask of the daemon's view of both engines.
#include "controller/daemon/view.h"

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

TEST(ViewTest, NothingMovesAtFirst) {
  const View view;
  EXPECT_FALSE(view.Moves());
  EXPECT_FALSE(view.ReversalStalled());
  EXPECT_THAT(view.Moving(), IsEmpty());
  EXPECT_THAT(view.Blockers(), IsEmpty());
}

TEST(ViewTest, EachEngineHasItsPart) {
  View view;
  EXPECT_EQ(&view.Of(Engine::kKlpx), &view.klpx);
  EXPECT_EQ(&view.Of(Engine::kKernel), &view.kernel);
}

TEST(ViewTest, MovesWhenEitherEngineDoes) {
  View view;
  view.kernel.running.emplace();
  EXPECT_TRUE(view.Moves());
  view.kernel.running.reset();
  view.klpx.running.emplace();
  EXPECT_TRUE(view.Moves());
}

TEST(ViewTest, AStalledReversalOfEitherEngineCounts) {
  View view;
  view.kernel.reversal_stalled = true;
  EXPECT_TRUE(view.ReversalStalled());
}

TEST(ViewTest, ChangesOfBothEnginesCount) {
  View view;
  view.klpx.changes = 2;
  view.kernel.changes = 3;
  EXPECT_EQ(view.Changes(), 5u);
}

TEST(ViewTest, TransitionsOfBothEnginesAreThereOursFirst) {
  View view;
  view.kernel.moving = Patch("b");
  view.klpx.moving = Patch("a");
  ASSERT_EQ(view.Moving().size(), 2u);
  EXPECT_EQ(view.Moving()[0].name, "a");
  EXPECT_EQ(view.Moving()[1].name, "b");
}

TEST(ViewTest, BlockersOfBothEnginesAreThereOursFirst) {
  View view;
  view.kernel.blockers = {Task(2)};
  view.klpx.blockers = {Task(1)};
  ASSERT_EQ(view.Blockers().size(), 2u);
  EXPECT_EQ(view.Blockers()[0].info.key.tid, 1u);
  EXPECT_EQ(view.Blockers()[1].info.key.tid, 2u);
}

}  // namespace
}  // namespace klpx
