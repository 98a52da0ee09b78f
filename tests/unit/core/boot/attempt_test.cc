// SPDX-License-Identifier: GPL-2.0
// The mark of a patch that is being tried, and the switch.
#include "controller/core/boot/attempt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_replace.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

const Host kHost = {"box", "boot-1", "6.12.1", absl::UnixEpoch(), 5'000};

TEST(AttemptTest, ComesBackAsItWas) {
  const Attempt attempt = ParseAttempt(AttemptText(kHost, "fix")).value();
  EXPECT_EQ(attempt.patch, "fix");
  EXPECT_EQ(attempt.boot_id, "boot-1");
  EXPECT_EQ(attempt.begun_ns, 5'000);
  const std::string text = AttemptText(kHost, "fix");
  for (size_t size = 0; size + 2 < text.size(); size++) {
    EXPECT_FALSE(ParseAttempt(text.substr(0, size)).ok()) << size;
  }
}

TEST(AttemptTest, SettlesAfterTwoMinutesOfTheSameBoot) {
  const Attempt attempt = ParseAttempt(AttemptText(kHost, "fix")).value();
  Host later = kHost;
  later.monotonic_ns += absl::ToInt64Nanoseconds(absl::Seconds(119));
  EXPECT_FALSE(HasSettled(attempt, later));
  later.monotonic_ns += absl::ToInt64Nanoseconds(absl::Seconds(1));
  EXPECT_TRUE(HasSettled(attempt, later));
  later.boot_id = "boot-2";
  EXPECT_FALSE(HasSettled(attempt, later));
}

TEST(RestoreSwitchTest, IsReadAsTheKernelReadsIt) {
  for (const char* line :
       {"klpx.restore=0", "quiet klpx.restore=0 ro\n", "klpx.restore=\"0\"",
        "klpx.restore=1 klpx.restore=0", "\"klpx.restore=0\""}) {
    EXPECT_TRUE(IsRestoreOff(line)) << line;
  }
  for (const char* line :
       {"", "klpx.restore=1", "klpx.restore=00", "klpx.restore=01",
        "xklpx.restore=0", "klpx.restore=0x", "klpx.restore",
        "klpx.restore=0 klpx.restore=1", "init=\"a klpx.restore=0 b\"",
        "klpx_restore=0", "quiet -- klpx.restore=0", "klpx.restore= 0"}) {
    EXPECT_FALSE(IsRestoreOff(line)) << line;
  }
}

std::string Changed(const std::string& from, const std::string& to) {
  const std::string text = AttemptText(kHost, "fix");
  EXPECT_THAT(text, HasSubstr(from));
  return absl::StrReplaceAll(text, {{from, to}});
}

TEST(AttemptTest, IsRefusedWhenWhatItNeedsIsMissingOrOfAnotherType) {
  EXPECT_TRUE(ParseAttempt(Changed("box", "other")).ok());
  for (const auto& [from, to] :
       {std::pair("klp.attempt/v1", "klp.attempt/v2"),
        std::pair("\"boot-1\"", "\"\""), std::pair("\"boot-1\"", "7"),
        std::pair("\"boot-1\"", "null"), std::pair("5000", "\"5000\""),
        std::pair("5000", "1.5"), std::pair("5000", "18446744073709551615"),
        std::pair("1970-01-01", "1970-13-01"),
        std::pair("monotonic_ns", "monotonic")}) {
    EXPECT_FALSE(ParseAttempt(Changed(from, to)).ok()) << from << ", " << to;
  }
}

TEST(AttemptTest, WhatIsNoObjectIsRefused) {
  for (const char* text : {"", "[]", "null", "\"klp.attempt/v1\"", "{}"}) {
    EXPECT_FALSE(ParseAttempt(text).ok()) << text;
  }
}

// The boot went down all the same, whichever patch it was.
TEST(AttemptTest, WithoutANameOfThePatchItIsStillAMark) {
  const auto attempt = ParseAttempt(Changed("\"fix\"", "null"));
  ASSERT_TRUE(attempt.ok()) << attempt.status();
  EXPECT_EQ(attempt->patch, "");
  EXPECT_EQ(attempt->boot_id, "boot-1");
}

TEST(AttemptTest, ANameOfAnyBytesComesBackAsItWas) {
  const auto attempt = ParseAttempt(AttemptText(kHost, "a\"\\\n\033b"));
  ASSERT_TRUE(attempt.ok()) << attempt.status();
  EXPECT_EQ(attempt->patch, "a\"\\\n\033b");
}

TEST(AttemptTest, AClockThatIsBehindHasNotSettled) {
  Attempt attempt = ParseAttempt(AttemptText(kHost, "fix")).value();
  attempt.begun_ns = INT64_MAX;
  EXPECT_FALSE(HasSettled(attempt, kHost));
}

TEST(RestoreSwitchTest, QuotesThatDoNotEndAreSurvived) {
  EXPECT_FALSE(IsRestoreOff("init=\"a klpx.restore=0"));
  EXPECT_TRUE(IsRestoreOff("klpx.restore=\"0"));
  EXPECT_TRUE(IsRestoreOff(std::string(100000, ' ') + "klpx.restore=0"));
}

}  // namespace
}  // namespace klpx
