// SPDX-License-Identifier: GPL-2.0
#include "controller/view/grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace klpx {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// The screen of a terminal that showed `last`, after the runs were written.
Grid Apply(const Grid& last, const Grid& next) {
  const bool same =
      last.width() == next.width() && last.height() == next.height();
  Grid screen = same ? last : Grid(next.width(), next.height());
  for (const CellRun& run : Changes(last, next)) {
    screen.Put(run.x, run.y, static_cast<int>(run.text.size()), run.text,
               run.style);
  }
  return screen;
}

bool AreEqual(const Grid& a, const Grid& b) {
  return Changes(a, b).empty() && a.width() == b.width();
}

TEST(GridTest, CutsVisibly) {
  Grid grid(10, 1);
  grid.Put(0, 0, 5, "abcdefgh");
  EXPECT_EQ(grid.ToString(), "abcd+\n");
  grid.Put(5, 0, "0123456789");
  EXPECT_EQ(grid.ToString(), "abcd+0123+\n");
}

TEST(GridTest, KeepsWhatFits) {
  Grid grid(5, 1);
  EXPECT_EQ(grid.Put(0, 0, "abcde"), 5);
  EXPECT_EQ(grid.ToString(), "abcde\n");
}

TEST(GridTest, MakesControlAndWideCharactersHarmless) {
  Grid grid(20, 1);
  grid.Put(0, 0, "a\033[2Jb\x07\r\n\xe6\x97\xa5");
  EXPECT_EQ(grid.ToString(), "a?[2Jb??????\n");
}

TEST(GridTest, LeavesOutTextOutsideOfIt) {
  Grid grid(4, 2);
  grid.Put(-1, 0, "x");
  grid.Put(0, 2, "x");
  grid.Put(4, 0, "x");
  grid.Put(0, -1, "x");
  grid.Paint(7, Style::kBad);
  EXPECT_EQ(grid.ToString(), "\n\n");
}

TEST(GridTest, ExistsWithoutCells) {
  Grid grid(0, -3);
  grid.Put(0, 0, "x");
  EXPECT_EQ(grid.ToString(), "");
  EXPECT_THAT(Changes(grid, grid), IsEmpty());
}

TEST(GridTest, SendsNothingWhereNothingChanged) {
  Grid grid(20, 3);
  grid.Put(2, 1, "hello");
  EXPECT_THAT(Changes(grid, grid), IsEmpty());
}

TEST(GridTest, SendsOnlyWhatChanged) {
  Grid last(40, 3);
  last.Put(0, 1, "elapsed 12s of something long");
  Grid next = last;
  next.Put(9, 1, "3");
  const std::vector<CellRun> runs = Changes(last, next);
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].text, "3");
  EXPECT_EQ(runs[0].x, 9);
  EXPECT_EQ(runs[0].y, 1);
}

TEST(GridTest, SendsAStyleThatChanged) {
  Grid last(5, 1);
  last.Put(0, 0, "abcde");
  Grid next = last;
  next.Paint(0, Style::kSelected);
  ASSERT_THAT(Changes(last, next), SizeIs(1));
  EXPECT_EQ(Changes(last, next)[0].style, Style::kSelected);
}

TEST(GridTest, DividesRunsByStyle) {
  Grid next(6, 1);
  next.Put(0, 0, 3, "abc", Style::kBad);
  next.Put(3, 0, 3, "def", Style::kGood);
  EXPECT_THAT(Changes(Grid(6, 1), next), SizeIs(2));
}

TEST(GridTest, SendsEverythingAfterAResize) {
  Grid last(10, 2);
  last.Put(0, 0, "abc");
  Grid next(12, 2);
  next.Put(0, 0, "abc");
  EXPECT_TRUE(AreEqual(Apply(last, next), next));
  EXPECT_THAT(Changes(last, next), SizeIs(2));
}

TEST(GridTest, RunsTurnAnyScreenIntoAnyOther) {
  std::mt19937 random(1);
  const auto scribble = [&random](Grid& grid) {
    for (int i = 0; i < 12; i++) {
      const std::string text(random() % 9,
                             static_cast<char>('a' + random() % 3));
      grid.Put(static_cast<int>(random() % 30), static_cast<int>(random() % 5),
               text, static_cast<Style>(random() % 7));
    }
  };
  Grid screen(30, 5);
  for (int round = 0; round < 500; round++) {
    Grid next(30, 5);
    scribble(next);
    screen = Apply(screen, next);
    ASSERT_TRUE(AreEqual(screen, next)) << round;
  }
}

}  // namespace
}  // namespace klpx
