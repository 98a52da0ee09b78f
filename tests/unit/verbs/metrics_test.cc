// SPDX-License-Identifier: GPL-2.0
// metrics: reads the daemon's snapshot while that is fresh, else the kernel.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "controller/core/base/run_files.h"
#include "controller/core/publish/daemon_report.h"
#include "controller/core/report/report.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MetricsVerbTest : public testing::Test, protected CommandTest {
 protected:
  // A snapshot without patches, written by the daemon this long ago.
  std::string Written(absl::Duration ago) {
    SnapshotHead head;
    head.host = kernel.ReadHost();
    head.host.monotonic_ns -= absl::ToInt64Nanoseconds(ago);
    StatusReport status;
    status.host = head.host;
    return SnapshotJson(head, {{"status", StatusJson(status)},
                               {"blocking", absl::UnavailableError("none")}});
  }

  std::string Measure(const std::string& snapshot = "") {
    const absl::StatusOr<int> code = RunMetrics(context, {"", snapshot, "1.2"});
    EXPECT_TRUE(code.ok()) << code.status();
    return out.str();
  }
};

TEST_F(MetricsVerbTest, AsksTheKernelWithoutADaemon) {
  kernel.AddPatch(kName);
  const std::string text = Measure();
  EXPECT_THAT(text, HasSubstr("klp_up 1\n"));
  EXPECT_THAT(text, HasSubstr("klp_patch_enabled{patch=\"test_fix\"} 1\n"));
}

TEST_F(MetricsVerbTest, UsesAFreshSnapshot) {
  kernel.AddPatch(kName);
  kernel.files[kSnapshotFile] = Written(absl::Seconds(3));
  const std::string text = Measure();
  EXPECT_THAT(text, HasSubstr("klp_snapshot_age_seconds 3\n"));
  EXPECT_THAT(text, Not(HasSubstr("klp_patch_enabled{")));
  EXPECT_THAT(text, HasSubstr("{document=\"blocking\"} 1\n"));
}

TEST_F(MetricsVerbTest, IgnoresAStaleSnapshot) {
  kernel.AddPatch(kName);
  kernel.files[kSnapshotFile] = Written(absl::Seconds(60));
  EXPECT_THAT(Measure(), HasSubstr("klp_patch_enabled{patch=\"test_fix\"} 1"));
}

TEST_F(MetricsVerbTest, ReportsARequestedSnapshotAsItIs) {
  kernel.AddPatch(kName);
  kernel.files["/tmp/old.json"] = Written(absl::Seconds(60));
  const std::string text = Measure("/tmp/old.json");
  EXPECT_THAT(text, HasSubstr("klp_up 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("klp_patch_enabled")));
}

TEST_F(MetricsVerbTest, AnUnreadableSnapshotIsAnErrorThatNamesIt) {
  kernel.files["/tmp/half.json"] = Written(absl::Seconds(1)).substr(0, 90);
  for (const char* file : {"/tmp/half.json", "/tmp/absent.json"}) {
    const absl::Status status = RunMetrics(context, {"", file, "1.2"}).status();
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()), HasSubstr(file));
  }
  EXPECT_EQ(out.str(), "");
}

TEST_F(MetricsVerbTest, ReplacesATextfileAtomically) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "klpx-metrics-test.", getpid());
  for (int round = 0; round < 2; round++) {
    ASSERT_EQ(RunMetrics(context, {path, "", "1.2"}).value(), 0);
  }
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(text, HasSubstr("klp_build_info{version=\"1.2\"} 1\n"));
  EXPECT_EQ(out.str(), "");
  std::remove(path.c_str());
  EXPECT_FALSE(RunMetrics(context, {"/nowhere/x.prom", "", "1.2"}).ok());
}

}  // namespace
}  // namespace klpx
