// SPDX-License-Identifier: GPL-2.0
#include "controller/core/kernel/recent_transitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace klpx {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(RecentTest, ReadsWhatTheEngineWrites) {
  const auto recent = ParseRecent(
      "100 200 fix patched 0 12 3 1\n"
      "300 0 other unpatched 1 5 0 0 more fields\n");
  ASSERT_THAT(recent, SizeIs(2));
  EXPECT_EQ(recent[0].ended_ns, 200);
  EXPECT_EQ(recent[0].tasks, 12u);
  EXPECT_EQ(recent[0].signals, 3u);
  EXPECT_EQ(recent[0].forced, 1u);
  EXPECT_TRUE(StartedForPatched(recent[0]));
  EXPECT_TRUE(StartedForPatched(recent[1]));
}

TEST(RecentTest, LeavesOutWhatItDoesNotUnderstand) {
  EXPECT_THAT(ParseRecent("\nx\n1 2 fix sideways 0 1 0 0\n-1 y z patched"),
              IsEmpty());
}

TEST(RecentTest, LeavesOutNumbersThatDoNotFit) {
  EXPECT_THAT(ParseRecent("99999999999999999999 0 fix patched 0 1 0 0\n"
                          "1 0 fix patched -1 1 0 0\n"
                          "1 0 fix patched 0 18446744073709551616 0 0\n"),
              IsEmpty());
}

TEST(RecentTest, KeepsALineThatComesAfterABrokenOne) {
  const auto recent = ParseRecent(
      "x 0 fix patched 0 1 0 0\n"
      "7 0 fix patched 0 1 0 0");
  ASSERT_THAT(recent, SizeIs(1));
  EXPECT_EQ(recent[0].started_ns, 7);
}

TEST(RecentTest, ALineThatWasCutOffIsNone) {
  const std::string line = "100 200 fix patched 0 12 3 1";
  for (size_t size = 0; size < line.size(); size++) {
    EXPECT_THAT(ParseRecent(line.substr(0, size)), IsEmpty()) << size;
  }
}

TEST(RecentTest, EachReversalTurnsTheStartRound) {
  RecentTransition transition;
  transition.patched = true;
  transition.reversals = 3;
  EXPECT_FALSE(StartedForPatched(transition));
  transition.patched = false;
  EXPECT_TRUE(StartedForPatched(transition));
  transition.reversals = UINT64_MAX;
  EXPECT_TRUE(StartedForPatched(transition));
}

}  // namespace
}  // namespace klpx
