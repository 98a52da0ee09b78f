// SPDX-License-Identifier: GPL-2.0
#include "controller/view/sample.h"

#include <gtest/gtest.h>

#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

TEST(SampleTest, NothingMovesInASampleOfNothing) {
  EXPECT_EQ(Moving({}), nullptr);
  EXPECT_EQ(Running({}), nullptr);
}

TEST(SampleTest, ThePatchInTransitionIsTheOneThatMoves) {
  Sample sample = MakeSample();
  PatchState settled;
  settled.name = "settled";
  settled.enabled = true;
  sample.patches.insert(sample.patches.begin(), settled);
  EXPECT_EQ(Moving(sample), &sample.patches[1]);
  sample.patches[1].transition = false;
  EXPECT_EQ(Moving(sample), nullptr);
}

// Each engine can have one.
TEST(SampleTest, OfTwoThatMoveTheFirstIsShown) {
  Sample sample = MakeSample();
  sample.patches.push_back(sample.patches[0]);
  EXPECT_EQ(Moving(sample), &sample.patches[0]);
}

TEST(SampleTest, TheTransitionThatRunsIsTheOneWithoutAnEnd) {
  Sample sample = MakeSample();
  RecentTransition ended;
  ended.started_ns = 1;
  ended.ended_ns = 2;
  sample.recent.insert(sample.recent.begin(), ended);
  EXPECT_EQ(Running(sample), &sample.recent[1]);
  sample.recent[1].ended_ns = 3;
  EXPECT_EQ(Running(sample), nullptr);
}

}  // namespace
}  // namespace klpx
