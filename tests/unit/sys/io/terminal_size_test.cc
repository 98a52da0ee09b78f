// SPDX-License-Identifier: GPL-2.0
// A terminal of the test's own, and what is none.
#include "controller/sys/io/terminal_size.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include <string>

#include "controller/sys/io/unique_fd.h"

namespace klpx {
namespace {

class TerminalSizeTest : public testing::Test {
 protected:
  TerminalSizeTest() {
    const char* before = getenv("TERM");
    if (before != nullptr) before_ = before;
    setenv("TERM", "xterm", 1);
  }
  ~TerminalSizeTest() override {
    before_.empty() ? unsetenv("TERM") : setenv("TERM", before_.c_str(), 1);
  }

  void SetUp() override {
    if (!terminal_.ok()) GTEST_SKIP() << "there are no terminals here";
  }

  void Resize(unsigned short columns) {
    const winsize size = {24, columns, 0, 0};
    ASSERT_EQ(ioctl(terminal_.get(), TIOCSWINSZ, &size), 0);
  }

  std::string before_;
  UniqueFd terminal_{posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  UniqueFd null_{open("/dev/null", O_RDWR | O_CLOEXEC)};
};

TEST_F(TerminalSizeTest, ATerminalIsOne) {
  EXPECT_TRUE(IsTerminal(terminal_.get()));
}

TEST_F(TerminalSizeTest, OneWithoutEscapeSequencesIsNone) {
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(IsTerminal(terminal_.get()));
}

TEST_F(TerminalSizeTest, OneOfWhichNothingIsKnownIsNone) {
  setenv("TERM", "", 1);
  EXPECT_FALSE(IsTerminal(terminal_.get()));
  unsetenv("TERM");
  EXPECT_FALSE(IsTerminal(terminal_.get()));
}

TEST_F(TerminalSizeTest, AFileIsNone) {
  EXPECT_FALSE(IsTerminal(null_.get()));
  EXPECT_FALSE(TerminalColumns(null_.get()).has_value());
}

TEST_F(TerminalSizeTest, AClosedDescriptorIsNone) {
  EXPECT_FALSE(IsTerminal(-1));
  EXPECT_FALSE(TerminalColumns(-1).has_value());
}

TEST_F(TerminalSizeTest, TheColumnsAreThoseOfNow) {
  Resize(80);
  EXPECT_EQ(TerminalColumns(terminal_.get()), 80u);
  Resize(132);
  EXPECT_EQ(TerminalColumns(terminal_.get()), 132u);
}

// A serial line does not say how wide it is.
TEST_F(TerminalSizeTest, NoColumnsAreNotZeroColumns) {
  Resize(0);
  EXPECT_FALSE(TerminalColumns(terminal_.get()).has_value());
}

}  // namespace
}  // namespace klpx
