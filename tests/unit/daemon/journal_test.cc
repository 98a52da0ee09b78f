// SPDX-License-Identifier: GPL-2.0
// What is told where there is no journal: a line for each message at stderr.
#include "controller/daemon/journal.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <sstream>

namespace klpx {
namespace {

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::filesystem::exists("/run/systemd/journal/socket")) {
      GTEST_SKIP() << "the journal of this machine would be told";
    }
    before_ = std::cerr.rdbuf(said_.rdbuf());
  }
  void TearDown() override {
    if (before_ != nullptr) std::cerr.rdbuf(before_);
  }

  std::ostringstream said_;
  std::streambuf* before_ = nullptr;
};

// As systemd and dmesg read it: <6> is information, <3> an error.
TEST_F(JournalTest, ALineBeginsWithItsPriority) {
  LogToJournal(Message::kStarted, "here");
  LogToJournal(Message::kDeadline, "late");
  LogToJournal(Message::kJobFailed, "bad");
  EXPECT_EQ(said_.str(), "<6>here\n<4>late\n<3>bad\n");
}

TEST_F(JournalTest, AMessageOfSeveralLinesIsOneRecord) {
  LogToJournal(Message::kPolicyRefused, "first\nsecond\n<0>third");
  EXPECT_EQ(said_.str(), "<3>first; second; <0>third\n");
}

TEST_F(JournalTest, ControlCharactersDoNotReachATerminal) {
  LogToJournal(Message::kHealthCheckFailed, "a\x1b[2Jb\r\x07");
  EXPECT_EQ(said_.str().find('\x1b'), std::string::npos);
  EXPECT_EQ(said_.str().find('\r'), std::string::npos);
  EXPECT_EQ(said_.str().find('\x07'), std::string::npos);
}

TEST_F(JournalTest, FieldsAreForTheJournalOnly) {
  LogToJournal(Message::kTransitionEnded, "over", {{"KLPX_PATCH", "fix"}});
  EXPECT_EQ(said_.str(), "<6>over\n");
}

TEST_F(JournalTest, EveryKindOfMessageHasAPriority) {
  for (int kind = 0; kind <= static_cast<int>(Message::kHealthCheckExpired);
       kind++) {
    said_.str("");
    LogToJournal(static_cast<Message>(kind), "x");
    ASSERT_EQ(said_.str().size(), 5u) << kind;
    EXPECT_GE(said_.str()[1], '3') << kind;
    EXPECT_LE(said_.str()[1], '6') << kind;
  }
}

}  // namespace
}  // namespace klpx
