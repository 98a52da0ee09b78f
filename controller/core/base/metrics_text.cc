// SPDX-License-Identifier: GPL-2.0
// Families of metrics as text.
#include "controller/core/base/metrics_text.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace klpx {
namespace {

absl::string_view KindWord(MetricKind kind, MetricsFormat format) {
  switch (kind) {
    case MetricKind::kGauge:
      return "gauge";
    case MetricKind::kCounter:
      return "counter";
    case MetricKind::kInfo:
      return format == MetricsFormat::kOpenMetrics ? "info" : "gauge";
    case MetricKind::kHistogram:
      return "histogram";
  }
  return "unknown";
}

absl::string_view KindSuffix(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return "_total";
    case MetricKind::kInfo:
      return "_info";
    case MetricKind::kGauge:
    case MetricKind::kHistogram:
      return "";
  }
  return "";
}

// Both formats require these three characters, and no others, to be escaped.
// Our help texts have no quotes.
std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text,
                             {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}});
}

std::string LabelText(const Labels& labels) {
  if (labels.empty()) return "";
  std::string text;
  for (const auto& [name, value] : labels) {
    absl::StrAppend(&text, text.empty() ? "{" : ",", name, "=\"",
                    Escaped(value), "\"");
  }
  return absl::StrCat(text, "}");
}

// Whole numbers without an exponent.
std::string NumberText(double value) {
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  if (std::isnan(value)) return "NaN";
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return absl::StrFormat("%.0f", value);
  }
  return absl::StrFormat("%.15g", value);
}

}  // namespace

absl::string_view MetricsMediaType(MetricsFormat format) {
  return format == MetricsFormat::kOpenMetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

MetricsFormat MetricsFormatFor(absl::string_view accept) {
  return absl::StrContains(absl::AsciiStrToLower(accept),
                           "application/openmetrics-text")
             ? MetricsFormat::kOpenMetrics
             : MetricsFormat::kPrometheus;
}

std::string MetricsText(const std::vector<Family>& families,
                        MetricsFormat format) {
  std::string text;
  for (const Family& family : families) {
    if (family.samples.empty()) continue;
    const absl::string_view suffix = KindSuffix(family.kind);
    const std::string named = format == MetricsFormat::kOpenMetrics
                                  ? family.name
                                  : absl::StrCat(family.name, suffix);
    absl::StrAppend(&text, "# HELP ", named, " ", Escaped(family.help),
                    "\n# TYPE ", named, " ", KindWord(family.kind, format),
                    "\n");
    for (const MetricSample& sample : family.samples) {
      absl::StrAppend(&text, family.name, suffix, sample.suffix,
                      LabelText(sample.labels), " ", NumberText(sample.value),
                      "\n");
    }
  }
  if (format == MetricsFormat::kOpenMetrics) absl::StrAppend(&text, "# EOF\n");
  return text;
}

}  // namespace klpx
