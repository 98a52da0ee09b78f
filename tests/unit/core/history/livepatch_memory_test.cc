// SPDX-License-Identifier: GPL-2.0
// The memory of transitions of an engine that remembers none.
#include "controller/core/history/livepatch_memory.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

using Memory = std::vector<RecentTransition>;

LivepatchFact Moving(const std::string& patch, bool enabled) {
  return {patch, enabled, true};
}
void Look(const std::vector<LivepatchFact>& patches, int64_t now_ns,
          Memory& memory, bool under_way = true) {
  EngineFacts facts;
  facts.now_ns = now_ns;
  facts.livepatches = patches;
  facts.is_under_way = [=](const LivepatchFact&) { return under_way; };
  RememberLivepatches(facts, memory);
}

LivepatchFact Still(const std::string& patch) { return {patch, true, false}; }

TEST(LivepatchMemory, NothingMoves) {
  Memory memory;
  Look({}, 1, memory);
  Look({Still("a")}, 2, memory);
  EXPECT_TRUE(memory.empty());
}

TEST(LivepatchMemory, EnableAndDisable) {
  Memory memory;
  Look({Moving("a", true)}, 10, memory);
  Look({Moving("a", true)}, 20, memory);
  ASSERT_EQ(memory.size(), 1u);
  EXPECT_EQ(memory[0].started_ns, 10);
  EXPECT_EQ(memory[0].ended_ns, 0);
  EXPECT_TRUE(memory[0].patched);
  Look({Still("a")}, 30, memory);
  Look({Still("a")}, 40, memory);
  EXPECT_EQ(memory[0].ended_ns, 30);
  EXPECT_EQ(memory[0].reversals, 0u);
  Look({Moving("a", false)}, 50, memory);
  Look({}, 60, memory);
  ASSERT_EQ(memory.size(), 2u);
  EXPECT_FALSE(memory[1].patched);
  EXPECT_EQ(memory[1].started_ns, 50);
  EXPECT_EQ(memory[1].ended_ns, 60);
  EXPECT_EQ(memory[1].reversals, 0u);
}

TEST(LivepatchMemory, ReversalsSeenAndUnseen) {
  Memory memory;
  Look({Moving("a", true)}, 10, memory);
  Look({Moving("a", false)}, 20, memory);
  EXPECT_EQ(memory[0].reversals, 1u);
  EXPECT_EQ(memory[0].started_ns, 10);
  Look({}, 30, memory);
  EXPECT_EQ(memory[0].reversals, 1u);
  EXPECT_FALSE(memory[0].patched);
  // Between two looks the patch is enabled and disabled.
  Look({Moving("b", true)}, 40, memory);
  Look({}, 50, memory);
  EXPECT_EQ(memory[1].reversals, 1u);
  EXPECT_FALSE(memory[1].patched);
}

// Before the first task moves, `enabled` is the side that tasks come from.
TEST(LivepatchMemory, APreparedTransitionHasNotBegun) {
  Memory memory;
  Look({Moving("a", false)}, 10, memory, /*under_way=*/false);
  EXPECT_TRUE(memory.empty());
  Look({Moving("a", true)}, 20, memory);
  ASSERT_EQ(memory.size(), 1u);
  EXPECT_TRUE(memory[0].patched);
  Look({Moving("a", false)}, 30, memory, /*under_way=*/false);
  EXPECT_EQ(memory[0].reversals, 0u);
  Look({Moving("a", false)}, 40, memory);
  EXPECT_EQ(memory[0].reversals, 1u);
}

TEST(LivepatchMemory, TwoTransitionsWithoutALookBetween) {
  Memory memory;
  Look({Moving("a", true)}, 10, memory);
  Look({Still("a"), Moving("b", true)}, 20, memory);
  ASSERT_EQ(memory.size(), 2u);
  EXPECT_EQ(memory[0].ended_ns, 20);
  EXPECT_TRUE(memory[0].patched);
  EXPECT_EQ(memory[1].patch, "b");
  EXPECT_EQ(memory[1].ended_ns, 0);
}

TEST(LivepatchMemory, IsBounded) {
  Memory memory;
  for (int i = 0; i < 100; i++) {
    Look({Moving("a", true)}, 2 * i + 1, memory);
    Look({Still("a")}, 2 * i + 2, memory);
  }
  EXPECT_EQ(memory.size(), 16u);
  EXPECT_EQ(memory.back().ended_ns, 200);
}

}  // namespace
}  // namespace klpx
