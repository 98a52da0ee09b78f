// SPDX-License-Identifier: GPL-2.0
// Families of metrics as text, in the format of Prometheus (0.0.4) and in
// OpenMetrics 1.0. Knows the formats, not the metrics.
#ifndef KLPX_CONTROLLER_CORE_BASE_METRICS_TEXT_H_
#define KLPX_CONTROLLER_CORE_BASE_METRICS_TEXT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace klpx {

enum class MetricKind { kGauge, kCounter, kInfo, kHistogram };

using Labels = std::vector<std::pair<std::string, std::string>>;

struct MetricSample {
  std::string suffix;  // "_bucket", "_sum", "_count" of histograms; else ""
  Labels labels;
  double value = 0;
};

// The name has neither _total nor _info: kinds that need a suffix get it later.
struct Family {
  std::string name;
  MetricKind kind;
  std::string help;
  std::vector<MetricSample> samples;
};

enum class MetricsFormat { kPrometheus, kOpenMetrics };

absl::string_view MetricsMediaType(MetricsFormat format);

// The format that an Accept header asks for.
MetricsFormat MetricsFormatFor(absl::string_view accept);

// Families without samples are left out.
std::string MetricsText(const std::vector<Family>& families,
                        MetricsFormat format);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_METRICS_TEXT_H_
