// SPDX-License-Identifier: GPL-2.0
// The JSON of 'preflight'.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "controller/core/report/report.h"
#include "tests/unit/core/report/preflight_samples.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::IsEmpty;

nlohmann::json JsonOf(const PreflightReport& report) {
  return nlohmann::json::parse(PreflightJson(report));
}

TEST(PreflightJsonTest, FitsItsSchema) {
  PreflightReport unreadable;
  unreadable.findings = {{FindingCode::kNotAModule, "", "", "cut off", ""}};
  for (const PreflightReport& report : {Report(), WithTasks(2), unreadable}) {
    EXPECT_THAT(SchemaErrors("klp.preflight", PreflightJson(report)),
                IsEmpty());
  }
}

TEST(PreflightJsonTest, ItIsRefusedByAFatalFindingOnly) {
  PreflightReport report = Report();
  EXPECT_EQ(JsonOf(report)["refused"], true);
  report.findings.pop_back();
  EXPECT_EQ(JsonOf(report)["refused"], false);
  report.findings.clear();
  EXPECT_EQ(JsonOf(report)["refused"], false);
}

TEST(PreflightJsonTest, FindingsHaveCodeSeverityAndPlace) {
  const auto findings = JsonOf(Report())["findings"];
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0]["code"], "stacked");
  EXPECT_EQ(findings[0]["severity"], "note");
  EXPECT_TRUE(findings[0]["advice"].is_null());
  EXPECT_EQ(findings[1]["code"], "not_traceable");
  EXPECT_EQ(findings[1]["severity"], "fatal");
  EXPECT_EQ(findings[1]["object"], "vmlinux");
  EXPECT_EQ(findings[1]["function"], "do_open");
  EXPECT_EQ(findings[1]["advice"], "do it");
}

TEST(PreflightJsonTest, WhatWasNotCheckedIsNull) {
  const auto function = JsonOf(Report())["functions"][0];
  EXPECT_EQ(function["name"], "do_open");
  EXPECT_EQ(function["symbols"], 1);
  for (const char* name : {"traceable", "old_prototype", "new_prototype",
                           "same_prototype", "not_compared"}) {
    EXPECT_TRUE(function[name].is_null()) << name;
  }
}

TEST(PreflightJsonTest, WithoutAFileThereIsNone) {
  PreflightReport report;
  report.path = "no.ko";
  report.forecast_error = "no klpx";
  EXPECT_TRUE(JsonOf(report)["file"].is_null());
  EXPECT_TRUE(JsonOf(report)["forecast"].is_null());
  EXPECT_EQ(JsonOf(report)["forecast_error"], "no klpx");
  EXPECT_EQ(JsonOf(report)["path"], "no.ko");
}

// However many: the text cuts, this does not.
TEST(PreflightJsonTest, TheForecastHasEveryTaskAndFunction) {
  const auto forecast = JsonOf(WithTasks(500))["forecast"];
  EXPECT_EQ(forecast["outlook"], "after-signal");
  EXPECT_EQ(forecast["looks"], 5);
  EXPECT_EQ(forecast["look_interval_ms"], 250);
  ASSERT_EQ(forecast["in_the_way"].size(), 500u);
  EXPECT_EQ(forecast["in_the_way"][499]["tid"], 500);
  EXPECT_EQ(forecast["in_the_way"][0]["state"], "S");
  EXPECT_EQ(forecast["in_the_way"][0]["obstacle"], "signal");
  EXPECT_TRUE(forecast["in_the_way"][0]["rule"].is_null());
  EXPECT_EQ(forecast["functions"][0]["name"], "do_open");
  EXPECT_EQ(forecast["functions"][0]["always"], true);
}

TEST(PreflightJsonTest, BytesOfANameAreNoHindrance) {
  PreflightReport report = WithTasks(1);
  report.forecast->in_the_way[0].task.comm = "\xff\033";
  report.forecast->spinning = {report.forecast->in_the_way[0].task};
  EXPECT_THAT(SchemaErrors("klp.preflight", PreflightJson(report)), IsEmpty());
}

}  // namespace
}  // namespace klpx
