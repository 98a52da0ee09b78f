// SPDX-License-Identifier: GPL-2.0
// Metrics about the patches of a machine: klp_*, docs/METRICS.md. They are made
// from a snapshot at every scrape. No label names a task, process or command.
#ifndef KLPX_CONTROLLER_CORE_PUBLISH_METRICS_H_
#define KLPX_CONTROLLER_CORE_PUBLISH_METRICS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/time.h"
#include "controller/core/base/json.h"
#include "controller/core/base/metrics_text.h"
#include "controller/core/publish/snapshot.h"

namespace klpx {

// Counters of the transitions of this boot. They never fall while the process
// that holds them lives, even if the history forgets its oldest entries.
class TransitionTotals {
 public:
  // A klp.history/v1 document; entries of other boots do not count.
  void Absorb(const Json& history, const std::string& boot_id);

  void AddFamilies(std::vector<Family>& families) const;

 private:
  // What one transition contributes. Some of it grows until the end.
  struct Part {
    std::string patch;
    std::string direction;
    std::string outcome;
    bool ended = false;
    uint64_t reversals = 0;
    uint64_t signals = 0;
    uint64_t forced = 0;
    std::optional<double> took_seconds;
  };
  using Ended = std::tuple<std::string, std::string, std::string>;
  struct Sums {
    std::map<Ended, uint64_t> ended;
    uint64_t reversals = 0;
    uint64_t signals = 0;
    uint64_t forced = 0;
    std::vector<uint64_t> buckets;  // not cumulative; the last is +Inf
    double seconds = 0;
    uint64_t timed = 0;
  };

  static Part PartOf(const Json& transition);
  static void AddTo(Sums& sums, const Part& part);
  void ForgetBefore(int64_t id);

  std::string boot_id_;
  std::map<int64_t, Part> parts_;  // by id
  Sums forgotten_;                 // of ids that the history no longer has
  int64_t forgotten_up_to_ = 0;
};

struct MetricsInput {
  std::string version;                 // of this program
  const Snapshot* snapshot = nullptr;  // null: none is usable
  std::optional<absl::Duration> age;   // of the snapshot, if there is one
  bool fresh = false;                  // else it may be out of date
  const TransitionTotals* totals = nullptr;
};

std::vector<Family> KlpMetrics(const MetricsInput& input);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PUBLISH_METRICS_H_
