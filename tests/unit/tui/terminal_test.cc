// SPDX-License-Identifier: GPL-2.0
// What is sent to the terminal, and how much.
#include "controller/tui/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "controller/core/base/error.h"
#include "controller/view/render.h"
#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TerminalTest : public testing::Test {
 protected:
  TerminalTest() : out_(std::tmpfile()), in_(std::tmpfile()) {
    setenv("LINES", "24", 1);
    setenv("COLUMNS", "80", 1);
  }
  ~TerminalTest() override {
    terminal_.reset();
    std::fclose(out_);
    std::fclose(in_);
  }

  void Open(bool colors = true) {
    auto terminal = Terminal::Open("xterm-256color", out_, in_, colors);
    ASSERT_TRUE(terminal.ok()) << terminal.status();
    terminal_ = *std::move(terminal);
  }

  // What was written since the last call.
  std::string Sent() {
    std::fflush(out_);
    std::string text;
    std::fseek(out_, seen_, SEEK_SET);
    for (int c = std::fgetc(out_); c != EOF; c = std::fgetc(out_)) {
      text += static_cast<char>(c);
    }
    seen_ = std::ftell(out_);
    return text;
  }

  std::string Send(TopState& top) {
    terminal_->Show(Render(top, 80, 24));
    return Sent();
  }

  FILE* out_;
  FILE* in_;
  long seen_ = 0;
  std::unique_ptr<Terminal> terminal_;
};

TEST_F(TerminalTest, RefusesAnUnknownType) {
  const auto terminal =
      Terminal::Open("no-such-terminal", out_, in_, /*colors=*/true);
  EXPECT_EQ(KindOf(terminal.status()), ErrorKind::kUsage);
  EXPECT_THAT(terminal.status().message(), HasSubstr("no-such-terminal"));
}

TEST_F(TerminalTest, SendsTheScreenOnceAndThenNothing) {
  Open();
  TopState top;
  Show(top, MakeSample({MakeTask(11, "sshd")}));
  EXPECT_THAT(Send(top), HasSubstr("sshd"));
  EXPECT_EQ(Send(top), "");
}

TEST_F(TerminalTest, ASecondWithoutNewsIsAFewBytes) {
  Open();
  TopState top;
  std::vector<Blocker> tasks;
  for (uint32_t tid = 1; tid <= 20000; tid++) {
    tasks.push_back(MakeTask(tid, "worker"));
  }
  Sample sample = MakeSample(tasks);
  Show(top, sample);
  const size_t whole = Send(top).size();
  size_t most = 0;
  for (int second = 1; second <= 5; second++) {
    sample.host.monotonic_ns += kSecondNs;
    sample.host.time += absl::Seconds(1);
    *sample.patches[0].elapsed_ms += 1000;
    Show(top, sample);
    most = std::max(most, Send(top).size());
  }
  // Twelve rows of ages and two clocks. A line of 9600 baud carries 960 bytes a
  // second.
  EXPECT_LT(most, 400u);
  EXPECT_GT(whole, 1000u);
}

TEST_F(TerminalTest, ForgettingSendsEverythingAgain) {
  Open();
  TopState top;
  Show(top, MakeSample({MakeTask(11, "sshd")}));
  Send(top);
  terminal_->Forget();
  EXPECT_THAT(Send(top), HasSubstr("sshd"));
}

TEST_F(TerminalTest, UsesColoursOnlyIfTheyAreWanted) {
  TopState top;
  Show(top, MakeSample({MakeTask(11, "cat", "f", KLPX_UNINTERRUPTIBLE),
                        MakeTask(12, "cat", "f", KLPX_UNINTERRUPTIBLE)}));
  Open(/*colors=*/true);
  EXPECT_THAT(Send(top), HasSubstr("\033[33m"));
  terminal_.reset();
  Sent();
  Open(/*colors=*/false);
  EXPECT_THAT(Send(top), Not(HasSubstr("\033[33m")));
}

TEST_F(TerminalTest, GivesTheTerminalBack) {
  Open();
  Sent();
  terminal_.reset();
  EXPECT_THAT(Sent(), HasSubstr("\033[?1049l"));
}

}  // namespace
}  // namespace klpx
