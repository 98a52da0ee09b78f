// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/text.h"

#include <gtest/gtest.h>

namespace klpx {
namespace {

TEST(TextTest, NamesEveryReason) {
  EXPECT_EQ(ReasonWord(KLPX_NOT_CHECKED), "not-checked");
  EXPECT_EQ(ReasonWord(KLPX_RUNNING), "running");
  EXPECT_EQ(ReasonWord(KLPX_ON_FUNCTION), "on-function");
  EXPECT_EQ(ReasonWord(KLPX_UNRELIABLE_STACK), "unreliable-stack");
  EXPECT_EQ(ReasonWord(KLPX_IDLE), "idle");
  EXPECT_EQ(ReasonWord(KLPX_STOPPED), "stopped-or-traced");
  EXPECT_EQ(ReasonWord(KLPX_UNINTERRUPTIBLE), "uninterruptible");
  EXPECT_EQ(ReasonWord(KLPX_EXITING), "exiting");
}

TEST(TextTest, SurvivesAReasonOfANewerEngine) {
  EXPECT_EQ(ReasonWord(static_cast<klpx_reason>(99)), "unknown");
}

TEST(TextTest, ShowsTaskStatesAsPsDoes) {
  EXPECT_EQ(TaskStateLetter(0), "R");
  EXPECT_EQ(TaskStateLetter(0x1), "S");
  EXPECT_EQ(TaskStateLetter(0x2001), "S");  // freezable
  EXPECT_EQ(TaskStateLetter(0x2), "D");
  EXPECT_EQ(TaskStateLetter(0x102), "D");  // killable
  EXPECT_EQ(TaskStateLetter(0x402), "I");
  EXPECT_EQ(TaskStateLetter(0x4), "T");
  EXPECT_EQ(TaskStateLetter(0x8), "t");
  EXPECT_EQ(TaskStateLetter(0x80), "X");
}

TEST(TextTest, ShowsDurationsInTheirOwnScale) {
  EXPECT_EQ(ShortDuration(50), "0.05s");
  EXPECT_EQ(ShortDuration(9999), "9.99s");
  EXPECT_EQ(ShortDuration(12345), "12s");
  EXPECT_EQ(ShortDuration(184000), "3m04s");
  EXPECT_EQ(ShortDuration(7500000), "2h05m");
}

TEST(TextTest, ParsesTimeouts) {
  EXPECT_EQ(ParseTimeout("30"), absl::Seconds(30));
  EXPECT_EQ(ParseTimeout("0.5"), absl::Milliseconds(500));
  EXPECT_EQ(ParseTimeout("1m30s"), absl::Seconds(90));
  EXPECT_EQ(ParseTimeout("0"), absl::ZeroDuration());
}

TEST(TextTest, RefusesInvalidTimeouts) {
  for (const char* text : {"", "x", "-1", "-1s", "5 apples", "nan"}) {
    EXPECT_EQ(ParseTimeout(text), std::nullopt) << text;
  }
}

TEST(TextTest, KeepsControlCharactersFromTheTerminal) {
  EXPECT_EQ(Printable("a\033[2Jb\n\x7f\xff"), "a?[2Jb???");
}

TEST(TextTest, CountsInWords) {
  EXPECT_EQ(Count(0, "task"), "0 tasks");
  EXPECT_EQ(Count(1, "task"), "1 task");
}

TEST(TableTest, AlignsItsColumns) {
  Table table({"A", "B"});
  table.Add({"long", "x"});
  EXPECT_EQ(table.ToString(), "A     B\nlong  x\n");
}

TEST(TableTest, ShowsMissingCellsAsADash) {
  Table table({"A", "B"});
  table.Add({"x"});
  table.Add({"", "y"});
  EXPECT_EQ(table.ToString(), "A  B\nx  -\n-  y\n");
}

TEST(TableTest, MakesCellsPrintable) {
  Table table({"A"});
  table.Add({"\033c"});
  EXPECT_EQ(table.ToString(), "A\n?c\n");
}

TEST(TextTest, CutsTextThatDoesNotFit) {
  EXPECT_EQ(FitTo("abcdef", 6), "abcdef");
  EXPECT_EQ(FitTo("abcdefg", 6), "abc...");
  EXPECT_EQ(FitTo("abcdefg", 2), "ab");
}

TEST(TextTest, WrapsAtBlanks) {
  EXPECT_EQ(Wrap("one two", 7, "  "), "one two");
  EXPECT_EQ(Wrap("one two three four", 9, "  "), "one two\n  three\n  four");
  EXPECT_EQ(Wrap("  - one two", 8, "    "), "  - one\n    two");
  EXPECT_EQ(Wrap("0123456789", 4, ""), "0123\n4567\n89");
  EXPECT_EQ(Wrap("0123456789", 1, " "),
            "0\n 1\n 2\n 3\n 4\n 5\n 6\n 7\n 8\n 9");
}

}  // namespace
}  // namespace klpx
