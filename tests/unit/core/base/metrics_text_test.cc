// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MetricsTextTest, LabelValuesAndNumbersAreEscaped) {
  const Family family = {"x",
                         MetricKind::kGauge,
                         "Help.",
                         {{"", {{"a", "q\"b\\n\nz"}}, 0.5},
                          {"", {}, std::numeric_limits<double>::infinity()},
                          {"", {}, 1e18}}};
  EXPECT_EQ(MetricsText({family}, MetricsFormat::kPrometheus),
            "# HELP x Help.\n# TYPE x gauge\nx{a=\"q\\\"b\\\\n\\nz\"} 0.5\n"
            "x +Inf\nx 1e+18\n");
}

Family One(MetricKind kind) {
  return {"klp_x", kind, "Help.", {{"", {{"a", "b"}}, 1}}};
}

TEST(MetricsTextTest, KindsGetTheSuffixThatTheyWant) {
  const auto text = [](MetricKind kind) {
    return MetricsText({One(kind)}, MetricsFormat::kPrometheus);
  };
  EXPECT_THAT(text(MetricKind::kGauge), HasSubstr("\nklp_x{a=\"b\"} 1\n"));
  EXPECT_THAT(text(MetricKind::kCounter),
              HasSubstr("counter\nklp_x_total{a=\"b\"} 1\n"));
  EXPECT_THAT(text(MetricKind::kInfo),
              HasSubstr("gauge\nklp_x_info{a=\"b\"} 1\n"));
}

TEST(MetricsTextTest, OpenMetricsNamesTheFamilyWithoutIt) {
  EXPECT_EQ(
      MetricsText({One(MetricKind::kCounter)}, MetricsFormat::kOpenMetrics),
      "# HELP klp_x Help.\n# TYPE klp_x counter\nklp_x_total{a=\"b\"} 1\n"
      "# EOF\n");
}

TEST(MetricsTextTest, AHistogramHasPartsAndNoSuffixOfItsOwn) {
  const Family family = {
      "klp_s",
      MetricKind::kHistogram,
      "Help.",
      {{"_bucket", {{"le", "+Inf"}}, 3}, {"_sum", {}, 1.5}, {"_count", {}, 3}}};
  EXPECT_EQ(MetricsText({family}, MetricsFormat::kPrometheus),
            "# HELP klp_s Help.\n# TYPE klp_s histogram\n"
            "klp_s_bucket{le=\"+Inf\"} 3\nklp_s_sum 1.5\nklp_s_count 3\n");
}

TEST(MetricsTextTest, AFamilyWithoutSamplesIsLeftOut) {
  const Family family = {"klp_x", MetricKind::kGauge, "Help.", {}};
  EXPECT_EQ(MetricsText({family}, MetricsFormat::kPrometheus), "");
  EXPECT_EQ(MetricsText({family}, MetricsFormat::kOpenMetrics), "# EOF\n");
}

TEST(MetricsTextTest, NumbersAreReadBack) {
  const Family family = {"x",
                         MetricKind::kGauge,
                         "",
                         {{"", {}, 999999999999999},
                          {"", {}, -0.25},
                          {"", {}, std::numeric_limits<double>::quiet_NaN()},
                          {"", {}, -std::numeric_limits<double>::infinity()}}};
  EXPECT_THAT(MetricsText({family}, MetricsFormat::kPrometheus),
              HasSubstr("\nx 999999999999999\nx -0.25\nx NaN\nx -Inf\n"));
}

// A name of a patch cannot make a line of its own.
TEST(MetricsTextTest, ALabelCannotEndItsLine) {
  const Family family = {
      "x", MetricKind::kGauge, "", {{"", {{"a", "\"} 1\nklp_up 1\n"}}, 0}}};
  EXPECT_THAT(MetricsText({family}, MetricsFormat::kPrometheus),
              Not(HasSubstr("\nklp_up")));
}

TEST(MetricsFormatTest, IsWhatIsAskedFor) {
  EXPECT_EQ(MetricsFormatFor("application/OpenMetrics-text; version=1.0.0"),
            MetricsFormat::kOpenMetrics);
  EXPECT_EQ(MetricsFormatFor("text/plain, */*"), MetricsFormat::kPrometheus);
  EXPECT_EQ(MetricsFormatFor(""), MetricsFormat::kPrometheus);
  EXPECT_EQ(MetricsFormatFor("text/plain;q=0.1,application/openmetrics-text"),
            MetricsFormat::kOpenMetrics);
}

TEST(MetricsFormatTest, HasAMediaTypeOfItsOwn) {
  EXPECT_THAT(std::string(MetricsMediaType(MetricsFormat::kPrometheus)),
              HasSubstr("version=0.0.4"));
  EXPECT_THAT(std::string(MetricsMediaType(MetricsFormat::kOpenMetrics)),
              HasSubstr("application/openmetrics-text"));
}

}  // namespace
}  // namespace klpx
