// SPDX-License-Identifier: GPL-2.0
// The [health] section of policy.toml.
#include "controller/core/policy/policy_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Reading {
  HealthPolicy health;
  absl::Status status;
};

Reading Read(absl::string_view text) {
  const toml::table root =
      toml::parse(std::string_view(text.data(), text.size()));
  Problems problems("p.toml");
  Reading reading;
  reading.health = ReadHealth(root, problems);
  reading.status = problems.ToStatus();
  return reading;
}

HealthPolicy Parsed(absl::string_view text) {
  const Reading reading = Read(text);
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  return reading.health;
}

TEST(PolicyHealthTest, NoHealthCheckWithoutTheSection) {
  EXPECT_EQ(Parsed("").watch, absl::ZeroDuration());
}

TEST(PolicyHealthTest, HealthAloneWatchesTheKernelLog) {
  const HealthPolicy health = Parsed("[health]");
  EXPECT_EQ(health.watch, absl::Seconds(30));
  EXPECT_EQ(health.every, absl::Seconds(5));
  EXPECT_TRUE(health.kernel_log);
  EXPECT_THAT(health.command, IsEmpty());
  EXPECT_FALSE(health.http.has_value());
  EXPECT_FALSE(health.accept);
}

TEST(PolicyHealthTest, HealthWithAll) {
  const HealthPolicy health = Parsed(R"toml(
    [health]
    watch = "2m"
    every = "10s"
    limit = "3s"
    kernel_log = false
    command = "/bin/check  --fast all"
    http = "http://127.0.0.1:8080/health"
    accept = "auto"
  )toml");
  EXPECT_EQ(health.watch, absl::Minutes(2));
  EXPECT_EQ(health.every, absl::Seconds(10));
  EXPECT_EQ(health.limit, absl::Seconds(3));
  EXPECT_FALSE(health.kernel_log);
  EXPECT_THAT(health.command, ElementsAre("/bin/check", "--fast", "all"));
  EXPECT_EQ(health.http->port, 8080);
  EXPECT_TRUE(health.accept);
  EXPECT_THAT(Parsed("[health]\ncommand = [\"/bin/a\", \"b c\"]").command,
              ElementsAre("/bin/a", "b c"));
}

TEST(PolicyHealthTest, AWatchOfNoTimeIsNoHealthCheck) {
  const HealthPolicy health =
      Parsed("[health]\nwatch = \"0s\"\nkernel_log = false\n");
  EXPECT_EQ(health.watch, absl::ZeroDuration());
}

TEST(PolicyHealthTest, ACommandOfAListIsTakenAsItIs) {
  EXPECT_THAT(
      Parsed("[health]\ncommand = [\"/bin/a\", \"\", \"$(b) c\"]").command,
      ElementsAre("/bin/a", "", "$(b) c"));
}

TEST(PolicyHealthTest, ATimeAtItsBoundIsWithinIt) {
  const HealthPolicy health =
      Parsed("[health]\nwatch = \"24h\"\nevery = \"1s\"\nlimit = \"24h\"");
  EXPECT_EQ(health.watch, absl::Hours(24));
  EXPECT_EQ(health.every, absl::Seconds(1));
  EXPECT_EQ(health.limit, absl::Hours(24));
}

class HealthMistakeTest : public testing::TestWithParam<const char*> {};

TEST_P(HealthMistakeTest, IsRefusedWithItsLine) {
  const Reading reading = Read(absl::StrCat("[health]\n", GetParam()));
  EXPECT_EQ(KindOf(reading.status), ErrorKind::kBadPolicy);
  EXPECT_THAT(std::string(reading.status.message()), HasSubstr("p.toml:2: "));
}

INSTANTIATE_TEST_SUITE_P(
    All, HealthMistakeTest,
    testing::Values("watch = \"25h\"", "watch = 30", "watch = \"-1s\"",
                    "every = \"0s\"", "every = \"999ms\"", "limit = \"0s\"",
                    "limit = \"1000000h\"", "kernel_log = \"yes\"",
                    "command = 5", "command = []", "command = \"\"",
                    "command = \"check-db\"", "command = \"./check-db\"",
                    "command = [\"\", \"/bin/a\"]", "command = [\"/bin/a\", 1]",
                    "command = [\"/bin/a\\u0000b\"]", "http = 8080",
                    "http = \"https://x/\"", "http = \"\"", "accept = \"yes\"",
                    "accept = true", "wach = \"1s\""));

TEST(PolicyHealthTest, MustBeATable) {
  for (const char* text : {"health = 1", "health = [1]", "[[health]]"}) {
    const Reading reading = Read(text);
    EXPECT_EQ(KindOf(reading.status), ErrorKind::kBadPolicy) << text;
    EXPECT_EQ(reading.health.watch, absl::ZeroDuration()) << text;
  }
}

TEST(PolicyHealthTest, AHealthCheckHasToLookAtSomething) {
  const Reading reading = Read("[health]\nkernel_log = false");
  EXPECT_EQ(KindOf(reading.status), ErrorKind::kBadPolicy);
  for (const char* eye :
       {"command = \"/bin/a\"", "http = \"http://127.0.0.1:1/\""}) {
    Parsed(absl::StrCat("[health]\nkernel_log = false\n", eye));
  }
}

}  // namespace
}  // namespace klpx
