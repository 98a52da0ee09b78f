// SPDX-License-Identifier: GPL-2.0
// What every verb prints, and how.
#include "controller/ops/console/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

class ConsoleTest : public testing::Test, protected CommandTest {};

TEST_F(ConsoleTest, AWarningIsOneLineForEachOfItsLines) {
  Warn(context.console, "a\nb");
  EXPECT_EQ(err.str(),
            "klp-controller: warning: a\nklp-controller: warning: b\n");
  EXPECT_EQ(out.str(), "");
}

TEST_F(ConsoleTest, ANoteIsNoWarning) {
  Note(context.console, "a");
  EXPECT_EQ(err.str(), "klp-controller: note: a\n");
}

TEST_F(ConsoleTest, NothingIsSaidBesideJsonOrIfAsked) {
  context.console.style.json = true;
  Warn(context.console, "a");
  context.console.style.json = false;
  context.console.style.quiet = true;
  Note(context.console, "a");
  EXPECT_EQ(err.str(), "");
}

TEST_F(ConsoleTest, WarningsAndNotesMayGoAside) {
  std::string asides;
  context.console.style.asides = &asides;
  Warn(context.console, "one\ntwo");
  Note(context.console, "three");
  EXPECT_EQ(asides,
            "klp-controller: warning: one\nklp-controller: warning: two\n"
            "klp-controller: note: three\n");
  EXPECT_EQ(err.str(), "");
}

TEST_F(ConsoleTest, ControlCharactersDoNotReachATerminal) {
  Warn(context.console, "a\033[2J\rb");
  EXPECT_EQ(err.str().find('\033'), std::string::npos);
  EXPECT_EQ(err.str().find('\r'), std::string::npos);
}

TEST_F(ConsoleTest, LinesAreLeftAsTheyAreForALog) {
  const std::string text(500, 'x');
  EXPECT_EQ(ForTerminal(context.console, text + "\n"), text + "\n");
}

TEST_F(ConsoleTest, LinesFitIntoATerminal) {
  context.console.style.err_is_terminal = true;
  context.console.style.err_columns = [] { return 20; };
  const std::string text = "a few words that do not fit into one row\n";
  const std::string shown = ForTerminal(context.console, text);
  for (const absl::string_view line : absl::StrSplit(shown, '\n')) {
    EXPECT_LE(line.size(), 20u) << line;
  }
  EXPECT_EQ(shown.back(), '\n');
  std::string words = shown;
  std::erase_if(words, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_EQ(words, "afewwordsthatdonotfitintoonerow");
}

TEST_F(ConsoleTest, AWideTerminalHasNoLongerLines) {
  context.console.style.err_is_terminal = true;
  context.console.style.err_columns = [] { return 1000; };
  std::string text;
  for (int i = 0; i < 100; i++) text += "word ";
  for (const absl::string_view line :
       absl::StrSplit(ForTerminal(context.console, text), '\n')) {
    EXPECT_LE(line.size(), 100u);
  }
}

}  // namespace
}  // namespace klpx
