// SPDX-License-Identifier: GPL-2.0
// The lines above the list: where, what, how far, how fast.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "controller/view/render.h"
#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class HeaderTest : public testing::Test {
 protected:
  std::vector<ScreenLine> Lines(const Sample& sample, bool all = true) {
    Show(top_, sample);
    return Header(top_, 80, all);
  }

  std::string Text(const Sample& sample, bool all = true) {
    std::string text;
    for (const ScreenLine& line : Lines(sample, all)) text += line.text + "\n";
    return text;
  }

  TopState top_;
};

TEST_F(HeaderTest, BeforeTheFirstSampleThereIsNoMachine) {
  const auto lines = Header(top_, 80, /*all=*/true);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0].text, EndsWith("every 1s"));
}

TEST_F(HeaderTest, WithoutATransitionItIsOneLine) {
  Sample sample = MakeSample();
  sample.patches[0].transition = false;
  const auto lines = Lines(sample);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0].text, HasSubstr("web1"));
  EXPECT_THAT(lines[0].text, HasSubstr("6.12.0"));
}

TEST_F(HeaderTest, TheFirstLineIsAsWideAsTheScreen) {
  Sample sample = MakeSample();
  sample.host.name = std::string(200, 'h');
  Show(top_, sample);
  for (const int width : {20, 40, 80, 300}) {
    EXPECT_THAT(Header(top_, width, true)[0].text,
                SizeIs(static_cast<size_t>(width)));
    EXPECT_THAT(Header(top_, width, true)[0].text, EndsWith("every 1s"));
  }
}

TEST_F(HeaderTest, EveryWidthIsSurvived) {
  Show(top_, MakeSample({MakeTask(1, "a")}));
  for (int width = -2; width < 30; width++) {
    EXPECT_THAT(Header(top_, width, true), Not(SizeIs(0)));
  }
}

TEST_F(HeaderTest, SaysThatItIsPaused) {
  Lines(MakeSample());
  top_.paused = true;
  EXPECT_THAT(Header(top_, 80, true)[0].text, EndsWith("PAUSED"));
}

TEST_F(HeaderTest, SaysWhatMovesWhichWayAndHowManyAreLeft) {
  Sample sample = MakeSample({MakeTask(1, "a"), MakeTask(2, "b")});
  sample.patches[0].replaces = {"old", "older"};
  const std::string line = Lines(sample)[1].text;
  EXPECT_THAT(line, StartsWith("fix_poll: patching"));
  EXPECT_THAT(line, HasSubstr("2 of 120 tasks"));
  EXPECT_THAT(line, HasSubstr("12s"));
  EXPECT_THAT(line, HasSubstr("old older"));
  sample.patches[0].enabled = false;
  EXPECT_THAT(Lines(sample)[1].text, StartsWith("fix_poll: unpatching"));
}

// Forks have added some.
TEST_F(HeaderTest, NeverMoreAreLeftThanThereAre) {
  Sample sample = MakeSample();
  sample.patches[0].tasks = 3;
  sample.patches[0].pending = 5;
  EXPECT_THAT(Lines(sample)[1].text, HasSubstr("5 of 5 tasks"));
  EXPECT_THAT(Lines(sample)[2].text, HasSubstr(" 0%"));
}

TEST_F(HeaderTest, WhatTheEngineDoesNotTellIsLeftOut) {
  Sample sample = MakeSample();
  sample.patches[0].tasks.reset();
  sample.patches[0].pending.reset();
  sample.patches[0].elapsed_ms.reset();
  EXPECT_EQ(Lines(sample)[1].text, "fix_poll: patching");
  EXPECT_THAT(Lines(sample)[2].text, Not(HasSubstr("%")));
}

TEST_F(HeaderTest, TheBarGrowsWithThoseThatHaveMoved) {
  Sample sample = MakeSample();
  size_t before = 0;
  for (const uint64_t pending : {120, 90, 60, 30, 1}) {
    sample.patches[0].pending = pending;
    sample.host.monotonic_ns += kSecondNs;
    const std::string bar = Lines(sample)[2].text;
    const size_t full = std::count(bar.begin(), bar.end(), '#');
    EXPECT_TRUE(full > before || pending == 120) << bar;
    before = full;
  }
}

TEST_F(HeaderTest, ReasonsAreCountedWithSignalsAndForces) {
  Sample sample = MakeSample(
      {MakeTask(1, "a"), MakeTask(2, "b"), MakeTask(3, "c", "", KLPX_RUNNING)});
  sample.recent[0].signals = 1;
  sample.recent[0].forced = 2;
  const std::string text = Text(sample);
  EXPECT_THAT(text, HasSubstr("2 on-function"));
  EXPECT_THAT(text, HasSubstr("1 running"));
  EXPECT_THAT(text, HasSubstr("1 fake signal"));
  EXPECT_THAT(text, HasSubstr("2 FORCED"));
}

TEST_F(HeaderTest, EveryPatchIsNamedWithItsState) {
  Sample sample = MakeSample();
  PatchState forced;
  forced.name = "\033[2Jold";
  forced.registered = forced.enabled = true;
  forced.forced = true;
  sample.patches.push_back(forced);
  const std::string text = Text(sample);
  EXPECT_THAT(text, HasSubstr("fix_poll enabling"));
  EXPECT_THAT(text, HasSubstr("old enabled FORCED"));
  EXPECT_THAT(text, Not(HasSubstr("\033")));
}

TEST_F(HeaderTest, ALowScreenKeepsWhatMovesAndWhatIsWrong) {
  Sample sample = MakeSample({MakeTask(1, "a")});
  EXPECT_THAT(Lines(sample, /*all=*/false), SizeIs(3));
  sample.blockers_missing = "needs root";
  EXPECT_THAT(Text(sample, /*all=*/false), HasSubstr("needs root"));
  top_.list.SetFilter("cat");
  EXPECT_THAT(Text(sample, /*all=*/false), HasSubstr("'cat': 0 of 1"));
}

TEST_F(HeaderTest, HowTheListIsShownIsSaid) {
  top_.list.NextOrder();
  top_.list.Invert();
  top_.list.NextGrouping();
  const std::string text = Text(MakeSample());
  EXPECT_THAT(text, HasSubstr(std::string(OrderWord(top_.list.order()))));
  EXPECT_THAT(text, HasSubstr("inverted"));
  EXPECT_THAT(text, HasSubstr(std::string(GroupingWord(top_.list.grouping()))));
}

}  // namespace
}  // namespace klpx
