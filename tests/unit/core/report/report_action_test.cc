// SPDX-License-Identifier: GPL-2.0
// The reports of verbs that act, and of errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "controller/core/base/error.h"
#include "controller/core/report/report.h"
#include "tests/unit/core/report/report_samples.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ActionReportTest, FitsItsSchema) {
  ActionReport report;
  report.verb = "signal";
  report.result = "sent";
  report.affected = {BlockerFor(KLPX_RUNNING)};
  report.warnings = {"careful"};
  EXPECT_THAT(SchemaErrors("klp.action", ActionJson(kHost, report)), IsEmpty());
}

TEST(ErrorReportTest, FitsItsSchema) {
  const std::string json =
      ErrorJson(kHost, "enable", MakeError(ErrorKind::kNameTaken, "taken"));
  EXPECT_THAT(SchemaErrors("klp.error", json), IsEmpty());
  EXPECT_EQ(nlohmann::json::parse(json)["error"]["code"], "name_taken");
  EXPECT_EQ(nlohmann::json::parse(json)["error"]["exit_code"], 17);
}

TEST(ErrorReportTest, IsOneLine) {
  EXPECT_EQ(ErrorText(MakeError(ErrorKind::kUsage, "no")),
            "klp-controller: no\n");
}

TEST(ActionReportTest, JsonSaysWhatWasDoneToWhich) {
  ActionReport report;
  report.verb = "signal";
  report.patch = "fix";
  report.result = "sent";
  report.tasks = 10;
  report.affected = {BlockerFor(KLPX_RUNNING)};
  report.warnings = {"careful"};
  const auto json = nlohmann::json::parse(ActionJson(kHost, report));
  EXPECT_EQ(json["verb"], "signal");
  EXPECT_EQ(json["patch"], "fix");
  EXPECT_EQ(json["result"], "sent");
  EXPECT_EQ(json["tasks"], 10);
  EXPECT_TRUE(json["elapsed_ms"].is_null());
  EXPECT_EQ(json["affected"][0]["tid"], 42);
  EXPECT_EQ(json["affected"][0]["age_ms"], 4000);
  EXPECT_EQ(json["warnings"][0], "careful");
}

TEST(ActionReportTest, WithoutAPatchThereIsNoName) {
  const auto json = nlohmann::json::parse(ActionJson(kHost, {}));
  EXPECT_TRUE(json["patch"].is_null());
  EXPECT_TRUE(json["affected"].is_array());
}

TEST(ActionReportTest, TheTextIsTheMessageWithItsLines) {
  ActionReport report;
  report.message = "one\ntwo\033[2J";
  const std::string text = ActionText(report);
  EXPECT_THAT(text, HasSubstr("one\ntwo"));
  EXPECT_THAT(text, Not(HasSubstr("\033")));
}

TEST(ErrorReportTest, EachLineNamesTheProgram) {
  EXPECT_EQ(ErrorText(MakeError(ErrorKind::kUsage, "a\nb\033")),
            "klp-controller: a\nklp-controller: b?\n");
}

// One that another library has made.
TEST(ErrorReportTest, AStatusOfNoKindIsAFailure) {
  const auto json =
      nlohmann::json::parse(ErrorJson(kHost, "", absl::InternalError("\xff")));
  EXPECT_EQ(json["error"]["exit_code"], 1);
  EXPECT_TRUE(json["error"]["verb"].is_null());
}

}  // namespace
}  // namespace klpx
