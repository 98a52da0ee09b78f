// SPDX-License-Identifier: GPL-2.0
// STATUS= and the snapshot.
#include "controller/core/publish/daemon_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "controller/core/report/report.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using nlohmann::json;

TEST(DaemonReportTest, TheStatusLineShowsTheCurrentState) {
  DaemonStanding standing;
  EXPECT_EQ(DaemonStatusLine(standing), "0 patches");
  standing.patches = 1;
  EXPECT_EQ(DaemonStatusLine(standing), "1 patch");
  standing.patches = 2;
  standing.moving.push_back({"fix", 3, absl::Milliseconds(12'900)});
  EXPECT_EQ(DaemonStatusLine(standing),
            "2 patches, 1 in transition, 3 tasks blocking: fix, 12 s");
  standing.moving.push_back({"other", 1, absl::Seconds(2)});
  EXPECT_EQ(DaemonStatusLine(standing),
            "2 patches, 2 in transition, 3 tasks blocking: fix, 12 s, 1 task "
            "blocking: other, 2 s");
  standing.moving.pop_back();
  standing.reversal_stalled = true;
  standing.trouble = "history: full";
  EXPECT_EQ(DaemonStatusLine(standing),
            "2 patches, 1 in transition, 3 tasks blocking: fix, 12 s; the "
            "reversal is held up; history: full");
}

SnapshotHead Head() {
  SnapshotHead head;
  head.host.name = "box \"one\"";
  head.host.boot_id = "b";
  head.version = "1.2";
  head.pid = 42;
  head.interval = absl::Seconds(5);
  return head;
}

TEST(DaemonReportTest, TheSnapshotHoldsCompleteDocuments) {
  const std::string list = ListJson(Head().host, {});
  const json snapshot = json::parse(SnapshotJson(
      Head(), {{"list", list},
               {"status", absl::InternalError("the disk \"sda\" is\nfull")}}));
  EXPECT_EQ(snapshot["schema"], "klp.snapshot.v1");
  EXPECT_EQ(snapshot["host"], "box \"one\"");
  EXPECT_EQ(snapshot["daemon"]["pid"], 42);
  EXPECT_EQ(snapshot["daemon"]["version"], "1.2");
  EXPECT_EQ(snapshot["daemon"]["interval_ms"], 5000);
  EXPECT_EQ(snapshot["list"], json::parse(list));
  EXPECT_TRUE(snapshot["status"].is_null());
  EXPECT_EQ(snapshot["errors"]["status"], "the disk \"sda\" is\nfull");
  EXPECT_FALSE(snapshot["errors"].contains("list"));
}

TEST(DaemonReportTest, TheSnapshotFitsItsSchema) {
  EXPECT_THAT(
      SchemaErrors("klp.snapshot",
                   SnapshotJson(Head(), {{"list", "{}"},
                                         {"status", "{}"},
                                         {"blocking", absl::InternalError("")},
                                         {"history", "{}"}})),
      testing::IsEmpty());
}

TEST(DaemonReportTest, ASnapshotWithoutErrorsSaysSo) {
  const json snapshot = json::parse(SnapshotJson(Head(), {{"list", "{}\n"}}));
  EXPECT_TRUE(snapshot["errors"].is_object());
  EXPECT_TRUE(snapshot["errors"].empty());
  EXPECT_TRUE(snapshot["daemon"]["trouble"].is_null());
}

}  // namespace
}  // namespace klpx
