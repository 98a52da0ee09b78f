// SPDX-License-Identifier: GPL-2.0
#include "controller/ops/health/health_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class HealthCheckTest : public testing::Test, protected CommandTest {
 protected:
  HealthCheckTest() { options_.patch = kFile; }

  void SetPolicy(const std::string& text) {
    kernel.files["/etc/klpx/policy.toml"] = text;
  }
  absl::StatusOr<int> Enable() { return RunEnable(context, options_); }

  // Makes the kernel log a complaint this time after the patch was enabled.
  void ComplainAfter(absl::Duration time, const std::string& text) {
    kernel.on_sleep = [this, time, text] {
      if (kernel.log.empty() && kernel.now >= absl::Seconds(100) + time) {
        kernel.log = "4,1,105000000,-;" + text + "\n";
        kernel.files["/sys/kernel/warn_count"] = "4\n";
      }
    };
  }

  EnableOptions options_;
};

TEST_F(HealthCheckTest, IsClosedUnlessThePolicyHasOne) {
  SetPolicy("[deadline]\nafter = \"60s\"\n");
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_LT(kernel.now, absl::Seconds(102));
}

TEST_F(HealthCheckTest, WatchesForTheConfiguredTime) {
  SetPolicy("[health]\nwatch = \"30s\"\n");
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_GE(kernel.now, absl::Seconds(130));
  EXPECT_LT(kernel.now, absl::Seconds(132));
  EXPECT_THAT(out.str(), HasSubstr("; healthy for 30s"));
}

TEST_F(HealthCheckTest, DisablesThePatchWhenTheKernelComplains) {
  SetPolicy("[health]\nwatch = \"30s\"\n");
  ComplainAfter(absl::Seconds(4), "BUG: Bad page state");
  const absl::Status status = Enable().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kReversed) << status;
  EXPECT_THAT(
      std::string(status.message()),
      HasSubstr("health check failed: kernel log: BUG: Bad page state"));
  EXPECT_THAT(kernel.writes, Contains("test_fix/enabled=0"));
  EXPECT_LT(kernel.now, absl::Seconds(110));
  EXPECT_FALSE(kernel.patches.contains(kName));
}

// The log record contains the name of a process of an unprivileged user.
TEST_F(HealthCheckTest, IsNotFooledByAProcessName) {
  SetPolicy("[health]\nwatch = \"30s\"\n");
  kernel.on_sleep = [this] {
    if (kernel.now < absl::Seconds(104)) return;
    kernel.log =
        "6,344,104000000,-;BUG: fake[19027]: segfault at 8 ip 000055fc98b1e132 "
        "sp 00007ffc5b95e640 error 6 in BUG: fake[1132,55fc98b1e000+1000]\n";
  };
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_THAT(kernel.writes, testing::Not(Contains("test_fix/enabled=0")));
}

TEST_F(HealthCheckTest, BelievesCountersOverASilentLog) {
  SetPolicy("[health]\nwatch = \"30s\"\n");
  kernel.on_sleep = [this] {
    if (kernel.now < absl::Seconds(104)) return;
    kernel.files["/proc/sys/kernel/tainted"] = "12416\n";
  };
  const absl::Status status = Enable().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kReversed) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("the kernel counts: tainted D"));
}

// The first calls of the new functions happen while the patch is being enabled.
TEST_F(HealthCheckTest, CountsFromBeforeThePatchIsLoaded) {
  SetPolicy("[health]\nwatch = \"30s\"\n");
  kernel.transition_time = absl::Seconds(3);
  kernel.on_sleep = [this] {
    if (!kernel.log.empty()) return;
    kernel.log = "4,1,101000000,-;WARNING: CPU: 0 PID: 1 at a.c:1 a+0x1/0x2\n";
    kernel.files["/sys/kernel/warn_count"] = "4\n";
  };
  const absl::Status status = Enable().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kReversed) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("kernel log: WARNING: CPU: 0 PID: 1 at a.c:1 "
                        "a+0x1/0x2 (warn_count 3 -> 4)"));
}

TEST_F(HealthCheckTest, DisablesThePatchWhenTheCommandCannotRun) {
  SetPolicy("[health]\ncommand = \"/nowhere/check\"\n");
  const absl::Status status = Enable().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kReversed) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("/nowhere/check"));
}

TEST_F(HealthCheckTest, IsSkippedOnRequest) {
  SetPolicy("[health]\ncommand = \"/nowhere/check\"\n");
  options_.wait.health_check_off = "told so";
  EXPECT_EQ(Enable().value(), 0);
}

TEST_F(HealthCheckTest, AnInterruptLeavesThePatchEnabled) {
  SetPolicy("[health]\nwatch = \"30s\"\n");
  kernel.on_sleep = [this] {
    if (kernel.now > absl::Seconds(105)) kernel.interrupted = true;
  };
  const absl::Status status = Enable().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kStillRunning) << status;
  EXPECT_TRUE(kernel.patches.contains(kName));
}

TEST_F(HealthCheckTest, DoesNotHealthCheckAPatchEnabledLongAgo) {
  SetPolicy("[health]\ncommand = \"/nowhere/check\"\n");
  kernel.AddPatch(kName);
  EXPECT_EQ(RunWait(context, {kName, {}}).value(), 0);
  options_.patch = kName;
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_TRUE(kernel.patches.at(kName).enabled);
}

TEST_F(HealthCheckTest, ReportsADisableFromElsewhere) {
  SetPolicy("[health]\nwatch = \"30s\"\n");
  kernel.on_sleep = [this] {
    if (kernel.now > absl::Seconds(105)) kernel.patches.clear();
  };
  const absl::Status status = Enable().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kReversed) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("disabled from elsewhere"));
}

}  // namespace
}  // namespace klpx
