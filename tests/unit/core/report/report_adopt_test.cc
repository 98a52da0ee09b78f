// SPDX-License-Identifier: GPL-2.0
// The report of 'adopt'.
#include "controller/core/report/report_adopt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/core/report/report_samples.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

AdoptReport Off() {
  AdoptReport report;
  report.host = kHost;
  report.engine_loaded = true;
  report.kernel_engine = true;
  report.adopts = false;
  return report;
}

// One patch of each kind.
AdoptReport On() {
  AdoptReport report = Off();
  report.adopts = true;
  report.patches = {Enabled(), Adopted(), Theirs(), LeftOver()};
  report.patches[3].engine = Engine::kKernel;
  return report;
}

TEST(AdoptReportTest, FitsItsSchema) {
  AdoptReport named = On();
  named.engine_for = "fix kernel";
  for (const AdoptReport& report : {AdoptReport(), Off(), On(), named}) {
    EXPECT_THAT(SchemaErrors("klp.adopt", AdoptJson(report)), IsEmpty());
  }
}

TEST(AdoptReportTest, SaysOnWhichEngineThePatchesAre) {
  EXPECT_THAT(AdoptedNames(On().patches), ElementsAre("taken"));
  EXPECT_THAT(KernelNames(On().patches), ElementsAre("theirs"));
  EXPECT_EQ(AdoptText(On()),
            "adoption is on: new patches made for the kernel's own livepatch "
            "run on klpx\n"
            "adopted:         taken\n"
            "kernel's engine: theirs\n");
}

TEST(AdoptReportTest, WithoutPatchesItIsOneLine) {
  const std::string text = AdoptText(Off());
  EXPECT_THAT(text, StartsWith("adoption is off: "));
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST(AdoptReportTest, SaysWhyThereIsNoAdoption) {
  AdoptReport report = Off();
  report.adopts.reset();
  EXPECT_THAT(AdoptText(report), HasSubstr("from one build"));
  report.engine_loaded = false;
  EXPECT_THAT(AdoptText(report), HasSubstr("'klp-controller adopt on'"));
  report.kernel_engine = false;
  EXPECT_THAT(AdoptText(report), HasSubstr("without CONFIG_LIVEPATCH"));
}

TEST(AdoptReportTest, WhatIsSetForOneModuleIsShown) {
  AdoptReport report = Off();
  EXPECT_THAT(AdoptText(report), Not(HasSubstr("next load")));
  report.engine_for = "fix klpx";
  EXPECT_THAT(AdoptText(report), HasSubstr("next load:       fix klpx\n"));
  EXPECT_EQ(nlohmann::json::parse(AdoptJson(report))["engine_for"], "fix klpx");
}

TEST(AdoptReportTest, JsonSaysWhatIsNotKnownWithNull) {
  const auto json = nlohmann::json::parse(AdoptJson(AdoptReport()));
  EXPECT_TRUE(json["adopts"].is_null());
  EXPECT_TRUE(json["engine_for"].is_null());
  EXPECT_TRUE(json["adopted"].empty());
}

TEST(AdoptReportTest, NamesCannotDriveTheTerminal) {
  AdoptReport report = On();
  report.patches[1].name = report.patches[2].name = report.engine_for =
      "\033[2J";
  EXPECT_THAT(AdoptText(report), Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace klpx
