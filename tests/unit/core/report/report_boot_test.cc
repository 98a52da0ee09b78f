// SPDX-License-Identifier: GPL-2.0
#include "controller/core/report/report_boot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "tests/unit/core/report/report_samples.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(BootReportTest, FitsItsSchema) {
  const BootReport report = {"restore", "", {{"fix", "skipped", "why"}}};
  EXPECT_THAT(SchemaErrors("klp.restore", BootJson(kHost, report)), IsEmpty());
  EXPECT_EQ(BootText(report), "fix: skipped: why\n");
}

TEST(BootReportTest, TheTextHasARowForEachPatchAndEndsWithTheMessage) {
  const BootReport report = {
      "restore", "all told", {{"a", "enabled", ""}, {"b", "failed", "why"}}};
  const std::vector<std::string> lines = absl::StrSplit(BootText(report), '\n');
  EXPECT_THAT(lines,
              ElementsAre("a: enabled", "b: failed: why", "all told", ""));
}

TEST(BootReportTest, OfNothingIsEmpty) {
  EXPECT_EQ(BootText({"restore", "", {}}), "");
  EXPECT_THAT(SchemaErrors("klp.restore", BootJson(kHost, {"restore", "", {}})),
              IsEmpty());
}

TEST(BootReportTest, NamesOfFilesCannotDriveTheTerminal) {
  const BootReport report = {"import", "", {{"\033[2J", "failed", "a\033b\n"}}};
  const std::string text = BootText(report);
  EXPECT_THAT(text, Not(HasSubstr("\033")));
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST(BootReportTest, JsonHasTheRowsInTheirOrder) {
  const BootReport report = {
      "restore", "m", {{"b", "enabled", ""}, {"a", "failed", "why"}}};
  const auto json = nlohmann::json::parse(BootJson(kHost, report));
  EXPECT_EQ(json["verb"], "restore");
  EXPECT_EQ(json["message"], "m");
  ASSERT_EQ(json["patches"].size(), 2u);
  EXPECT_EQ(json["patches"][0]["name"], "b");
  EXPECT_EQ(json["patches"][1]["result"], "failed");
  EXPECT_EQ(json["patches"][1]["message"], "why");
}

AcceptedPatch Accepted() {
  AcceptedPatch patch;
  patch.name = "fix";
  patch.engine = "klpx";
  patch.time = absl::FromUnixSeconds(1700000000);
  patch.from = "/root/fix.ko";
  return patch;
}

TEST(AcceptedListTextTest, ShowsWhatWasAcceptedWhenAndFromWhere) {
  const std::vector<std::string> lines =
      absl::StrSplit(AcceptedListText({Accepted()}), '\n');
  ASSERT_EQ(lines.size(), 3u);
  const std::vector<std::string> cells =
      absl::StrSplit(lines[1], ' ', absl::SkipEmpty());
  EXPECT_THAT(cells, ElementsAre("fix", "klpx", "2023-11-14", "22:13", "UTC",
                                 "/root/fix.ko"));
}

TEST(AcceptedListTextTest, OfNoneIsOneLine) {
  const std::string text = AcceptedListText({});
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_THAT(text, Not(StartsWith("PATCH")));
}

TEST(AcceptedListTextTest, CannotDriveTheTerminal) {
  AcceptedPatch patch = Accepted();
  patch.name = patch.engine = patch.from = "\033[2J\n";
  EXPECT_THAT(AcceptedListText({patch}), Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace klpx
