// SPDX-License-Identifier: GPL-2.0
// What every command says, and how.
#include "controller/ops/kernel/context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class ContextTest : public testing::Test, protected CommandTest {};

TEST_F(ContextTest, RootMayAndOthersMayNot) {
  EXPECT_TRUE(RequireRoot(context, "enable").ok());
  kernel.root = false;
  const absl::Status status = RequireRoot(context, "enable");
  EXPECT_EQ(KindOf(status), ErrorKind::kNotPermitted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("enable"));
}

TEST_F(ContextTest, AWarningIsOneLineForEachOfItsLines) {
  Warn(context, "a\nb");
  EXPECT_EQ(err.str(),
            "klp-controller: warning: a\nklp-controller: warning: b\n");
  EXPECT_EQ(out.str(), "");
}

TEST_F(ContextTest, ANoteIsNoWarning) {
  Note(context, "a");
  EXPECT_EQ(err.str(), "klp-controller: note: a\n");
}

TEST_F(ContextTest, NothingIsSaidBesideJsonOrIfAsked) {
  context.style.json = true;
  Warn(context, "a");
  context.style.json = false;
  context.style.quiet = true;
  Note(context, "a");
  EXPECT_EQ(err.str(), "");
}

TEST_F(ContextTest, ControlCharactersDoNotReachATerminal) {
  Warn(context, "a\033[2J\rb");
  EXPECT_EQ(err.str().find('\033'), std::string::npos);
  EXPECT_EQ(err.str().find('\r'), std::string::npos);
}

TEST_F(ContextTest, LinesAreLeftAsTheyAreForALog) {
  const std::string text(500, 'x');
  EXPECT_EQ(ForTerminal(context, text + "\n"), text + "\n");
}

TEST_F(ContextTest, LinesFitIntoATerminal) {
  context.style.err_is_terminal = true;
  context.style.err_columns = [] { return 20; };
  const std::string text = "a few words that do not fit into one row\n";
  const std::string shown = ForTerminal(context, text);
  for (const absl::string_view line : absl::StrSplit(shown, '\n')) {
    EXPECT_LE(line.size(), 20u) << line;
  }
  EXPECT_EQ(shown.back(), '\n');
  std::string words = shown;
  std::erase_if(words, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_EQ(words, "afewwordsthatdonotfitintoonerow");
}

TEST_F(ContextTest, AWideTerminalHasNoLongerLines) {
  context.style.err_is_terminal = true;
  context.style.err_columns = [] { return 1000; };
  std::string text;
  for (int i = 0; i < 100; i++) text += "word ";
  for (const absl::string_view line :
       absl::StrSplit(ForTerminal(context, text), '\n')) {
    EXPECT_LE(line.size(), 100u);
  }
}

TEST_F(ContextTest, WarningsAndNotesMayGoAside) {
  std::string asides;
  context.style.asides = &asides;
  Warn(context, "one\ntwo");
  Note(context, "three");
  EXPECT_EQ(asides,
            "klp-controller: warning: one\nklp-controller: warning: two\n"
            "klp-controller: note: three\n");
  EXPECT_EQ(err.str(), "");
}

TEST_F(ContextTest, AVerbWithinAnotherIsTheSameMachineAndOwner) {
  context.owner_file = "/o";
  context.state_dir = "/s";
  context.run_dir = "/r";
  context.recorder.path = "/h";
  context.recorder.verb = "several";
  context.recorder.by = "boot";
  context.recorder.id = 7;
  context.style.json = true;
  std::ostringstream inner_out;
  Context inner = Within(context, inner_out, err);
  EXPECT_EQ(&inner.kernel, &context.kernel);
  EXPECT_EQ(inner.policy, context.policy);
  EXPECT_EQ(inner.owner_file, "/o");
  EXPECT_EQ(inner.owned, context.owned);
  EXPECT_EQ(inner.state_dir, "/s");
  EXPECT_EQ(inner.run_dir, "/r");
  EXPECT_EQ(inner.recorder.path, "/h");
  EXPECT_EQ(inner.recorder.verb, "several");
  EXPECT_EQ(inner.recorder.by, "boot");
  // How it speaks and which transition it deals with are its own.
  EXPECT_EQ(inner.recorder.id, 0);
  EXPECT_FALSE(inner.style.json);
}

}  // namespace
}  // namespace klpx
