// SPDX-License-Identifier: GPL-2.0
// What is remembered of the transitions of an engine that remembers none.
#include "controller/core/livepatch_memory.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

using Memory = std::vector<RecentTransition>;

LivepatchFact Moving(const std::string& patch, bool enabled) {
  return {patch, enabled, true};
}
LivepatchFact Still(const std::string& patch) { return {patch, true, false}; }

TEST(LivepatchMemory, NothingMoves) {
  Memory memory;
  RememberLivepatches({}, 1, memory);
  RememberLivepatches({Still("a")}, 2, memory);
  EXPECT_TRUE(memory.empty());
}

TEST(LivepatchMemory, InAndOut) {
  Memory memory;
  RememberLivepatches({Moving("a", true)}, 10, memory);
  RememberLivepatches({Moving("a", true)}, 20, memory);
  ASSERT_EQ(memory.size(), 1u);
  EXPECT_EQ(memory[0].started_ns, 10);
  EXPECT_EQ(memory[0].ended_ns, 0);
  EXPECT_TRUE(memory[0].patched);
  RememberLivepatches({Still("a")}, 30, memory);
  RememberLivepatches({Still("a")}, 40, memory);
  EXPECT_EQ(memory[0].ended_ns, 30);
  EXPECT_EQ(memory[0].reversals, 0u);
  RememberLivepatches({Moving("a", false)}, 50, memory);
  RememberLivepatches({}, 60, memory);
  ASSERT_EQ(memory.size(), 2u);
  EXPECT_FALSE(memory[1].patched);
  EXPECT_EQ(memory[1].started_ns, 50);
  EXPECT_EQ(memory[1].ended_ns, 60);
  EXPECT_EQ(memory[1].reversals, 0u);
}

TEST(LivepatchMemory, TurnedRoundSeenAndUnseen) {
  Memory memory;
  RememberLivepatches({Moving("a", true)}, 10, memory);
  RememberLivepatches({Moving("a", false)}, 20, memory);
  EXPECT_EQ(memory[0].reversals, 1u);
  EXPECT_EQ(memory[0].started_ns, 10);
  RememberLivepatches({}, 30, memory);
  EXPECT_EQ(memory[0].reversals, 1u);
  EXPECT_FALSE(memory[0].patched);
  // Between two looks: it goes in, and is gone.
  RememberLivepatches({Moving("b", true)}, 40, memory);
  RememberLivepatches({}, 50, memory);
  EXPECT_EQ(memory[1].reversals, 1u);
  EXPECT_FALSE(memory[1].patched);
}

TEST(LivepatchMemory, OneAfterTheOtherWithoutALookBetween) {
  Memory memory;
  RememberLivepatches({Moving("a", true)}, 10, memory);
  RememberLivepatches({Still("a"), Moving("b", true)}, 20, memory);
  ASSERT_EQ(memory.size(), 2u);
  EXPECT_EQ(memory[0].ended_ns, 20);
  EXPECT_TRUE(memory[0].patched);
  EXPECT_EQ(memory[1].patch, "b");
  EXPECT_EQ(memory[1].ended_ns, 0);
}

TEST(LivepatchMemory, IsBounded) {
  Memory memory;
  for (int i = 0; i < 100; i++) {
    RememberLivepatches({Moving("a", true)}, 2 * i + 1, memory);
    RememberLivepatches({Still("a")}, 2 * i + 2, memory);
  }
  EXPECT_EQ(memory.size(), 16u);
  EXPECT_EQ(memory.back().ended_ns, 200);
}

}  // namespace
}  // namespace klpx
