// SPDX-License-Identifier: GPL-2.0
// The report of 'preflight', as text and as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "controller/core/report/report.h"
#include "tests/unit/core/report/preflight_samples.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(PreflightReportTest, ThreadsOfAProcessAreOneRow) {
  PreflightReport report = WithTasks(3);
  report.forecast->in_the_way[2].task.pid = 99;
  const std::string text = PreflightText(report);
  EXPECT_THAT(text, HasSubstr("OBSTACLE  FUNCTION  TASKS"));
  EXPECT_THAT(text, HasSubstr("do_open   2\n"));
  EXPECT_THAT(text, HasSubstr("do_open   1\n"));
  report.verbose = true;
  EXPECT_THAT(PreflightText(report), Not(HasSubstr("TASKS")));
}

TEST(PreflightReportTest, NoLineEndsWithABlank) {
  PreflightReport report = Report();
  report.file->vermagic = "6.12 SMP modversions ";
  EXPECT_THAT(PreflightText(report), HasSubstr("SMP modversions\n"));
}

TEST(PreflightReportTest, ShowsTheGravestFirstAndTheVerdictLast) {
  const std::string text = PreflightText(Report());
  EXPECT_LT(text.find("fatal: not_traceable\n  a refusal\n  do it\n"),
            text.find("note: stacked\n  a note\n"));
  EXPECT_THAT(text, testing::EndsWith(
                        "preflight: refused, 1 fatal, 0 warnings, 1 note\n"));
}

TEST(PreflightReportTest, NamesBlockingTasks) {
  const std::string text = PreflightText(WithTasks(2));
  EXPECT_THAT(text, HasSubstr("napper"));
  EXPECT_THAT(text, HasSubstr("5/5"));
  EXPECT_THAT(text, HasSubstr("it would wait for 2 tasks"));
  EXPECT_THAT(text, HasSubstr("5 looks at 2 tasks within 1.00s"));
  EXPECT_THAT(text, HasSubstr("preflight: passed"));
}

TEST(PreflightReportTest, CutsALongList) {
  PreflightReport report = WithTasks(30);
  // Each task needs a process of its own, or they would share a row.
  for (TaskInTheWay& one : report.forecast->in_the_way) {
    one.task.pid = one.task.tid;
  }
  EXPECT_THAT(PreflightText(report), HasSubstr("and 10 more"));
  report.verbose = true;
  EXPECT_THAT(PreflightText(report), Not(HasSubstr("more:")));
  const auto json = nlohmann::json::parse(PreflightJson(WithTasks(30)));
  EXPECT_EQ(json["forecast"]["in_the_way"].size(), 30u);
}

TEST(PreflightReportTest, SaysThatThereIsNoForecast) {
  PreflightReport report = Report();
  report.forecast_error = "no BPF";
  EXPECT_THAT(PreflightText(report), HasSubstr("is not known: no BPF"));
}

}  // namespace
}  // namespace klpx
