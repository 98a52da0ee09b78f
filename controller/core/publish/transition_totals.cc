// SPDX-License-Identifier: GPL-2.0
// Counters of the transitions of this boot.
#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "controller/core/base/json_read.h"
#include "controller/core/publish/metrics.h"

namespace klpx {
namespace {

constexpr double kBucketSeconds[] = {0.1, 0.25, 0.5, 1,  2.5, 5,
                                     10,  15,   30,  60, 120, 300};
constexpr size_t kBuckets = std::size(kBucketSeconds) + 1;

Family Counter(const char* name, const char* help, uint64_t value) {
  return {
      name, MetricKind::kCounter, help, {{"", {}, static_cast<double>(value)}}};
}

}  // namespace

TransitionTotals::Part TransitionTotals::PartOf(const Json& transition) {
  Part part;
  part.patch = StringOf(transition, "patch");
  part.direction = StringOf(transition, "direction");
  part.outcome = StringOf(transition, "outcome");
  part.ended = part.outcome != "starting" && part.outcome != "running";
  part.reversals = CountOf(transition, "reversals").value_or(0);
  part.signals = CountOf(transition, "signals").value_or(0);
  part.forced = CountOf(transition, "forced").value_or(0);
  const std::optional<uint64_t> took_ms = CountOf(transition, "took_ms");
  if (part.ended && took_ms) part.took_seconds = *took_ms / 1000.0;
  return part;
}

void TransitionTotals::AddTo(Sums& sums, const Part& part) {
  if (part.ended) sums.ended[{part.patch, part.direction, part.outcome}]++;
  sums.reversals += part.reversals;
  sums.signals += part.signals;
  sums.forced += part.forced;
  if (!part.took_seconds) return;
  sums.buckets.resize(kBuckets);
  const auto* bucket = std::lower_bound(
      std::begin(kBucketSeconds), std::end(kBucketSeconds), *part.took_seconds);
  sums.buckets[bucket - std::begin(kBucketSeconds)]++;
  sums.seconds += *part.took_seconds;
  sums.timed++;
}

void TransitionTotals::ForgetBefore(int64_t id) {
  while (!parts_.empty() && parts_.begin()->first < id) {
    AddTo(forgotten_, parts_.begin()->second);
    forgotten_up_to_ = parts_.begin()->first;
    parts_.erase(parts_.begin());
  }
}

void TransitionTotals::Absorb(const Json& history, const std::string& boot_id) {
  if (boot_id != boot_id_) *this = TransitionTotals();
  boot_id_ = boot_id;
  int64_t oldest = std::numeric_limits<int64_t>::max();
  for (const Json& transition : ListOf(history, "transitions")) {
    const std::optional<int64_t> id = IntegerOf(transition, "id");
    if (!id || StringOf(transition, "boot_id") != boot_id) continue;
    if (*id <= forgotten_up_to_) continue;
    oldest = std::min(oldest, *id);
    parts_[*id] = PartOf(transition);
  }
  if (oldest != std::numeric_limits<int64_t>::max()) ForgetBefore(oldest);
}

void TransitionTotals::AddFamilies(std::vector<Family>& families) const {
  Sums sums = forgotten_;
  for (const auto& [id, part] : parts_) AddTo(sums, part);
  sums.buckets.resize(kBuckets);
  Family ended = {"klp_transitions",
                  MetricKind::kCounter,
                  "Transitions that have ended in this boot, by outcome.",
                  {}};
  for (const auto& [key, count] : sums.ended) {
    const auto& [patch, direction, outcome] = key;
    ended.samples.push_back(
        {"",
         {{"patch", patch}, {"direction", direction}, {"result", outcome}},
         static_cast<double>(count)});
  }
  families.push_back(std::move(ended));
  families.push_back(
      Counter("klp_reversals", "Reversals of transitions.", sums.reversals));
  families.push_back(Counter("klp_fake_signals",
                             "Fake signals sent to wake blocking tasks.",
                             sums.signals));
  families.push_back(Counter(
      "klp_forces", "Tasks that were switched unchecked.", sums.forced));
  Family took = {"klp_transition_duration_seconds",
                 MetricKind::kHistogram,
                 "How long the transitions of this boot took.",
                 {}};
  uint64_t below = 0;
  for (size_t i = 0; i < kBuckets; i++) {
    below += sums.buckets[i];
    const std::string bound =
        i + 1 == kBuckets ? "+Inf" : absl::StrFormat("%g", kBucketSeconds[i]);
    took.samples.push_back(
        {"_bucket", {{"le", bound}}, static_cast<double>(below)});
  }
  took.samples.push_back({"_sum", {}, sums.seconds});
  took.samples.push_back({"_count", {}, static_cast<double>(sums.timed)});
  families.push_back(std::move(took));
}

}  // namespace klpx
