// SPDX-License-Identifier: GPL-2.0
#include "controller/core/publish/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "controller/core/base/metrics_text.h"
#include "tests/unit/core/publish/transition_samples.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Snapshot Stuck() {
  Snapshot snapshot;
  snapshot.host = {"web1", "b", "6.12", absl::FromUnixSeconds(1000),
                   9000000000};
  snapshot.status = Json::parse(R"({
    "engine": {"loaded": true},
    "observer": {"events_lost": 0},
    "patches": [{"name": "fix", "engine": "klpx", "version": "1.0",
      "enabled": true, "transition": true, "stack_order": 1, "replace": false,
      "forced": false, "forces": [],
      "objects": [{"name": "vmlinux", "functions": [{}, {}]}]}]})");
  snapshot.blocking = Json::parse(R"({
    "patch": "fix", "tasks": 100, "pending": 4, "elapsed_ms": 90000,
    "blockers": [
      {"comm": "secret", "tid": 4711, "reason": "running", "age_ms": 100,
       "idle_cpu": null},
      {"comm": "swapper", "reason": "idle", "age_ms": 65000, "idle_cpu": 3},
      {"comm": "new", "reason": "of-the-future", "idle_cpu": null}]})");
  snapshot.errors = {{"list", "took too long"}};
  return snapshot;
}

std::string TextOf(const Snapshot& snapshot, bool fresh,
                   MetricsFormat format = MetricsFormat::kPrometheus) {
  TransitionTotals totals;
  totals.Absorb(HistoryOf({Transition(1, "completed", 400)}), "b");
  const MetricsInput input = {"0.1.0", &snapshot, absl::Seconds(2), fresh,
                              &totals};
  return MetricsText(KlpMetrics(input), format);
}

TEST(MetricsTest, ShowsPatchesAndTheTransition) {
  const std::string text = TextOf(Stuck(), true);
  for (const char* line :
       {"klp_build_info{version=\"0.1.0\"} 1\n",
        "klp_up 1\n",
        "klp_host_info{kernel=\"6.12\"} 1\n",
        "klp_snapshot_age_seconds 2\n",
        "klp_engine_loaded 1\n",
        "klp_patch_info{patch=\"fix\",kernel=\"6.12\",engine=\"klpx\","
        "version=\"1.0\",replace=\"false\"} 1\n",
        "klp_patch_enabled{patch=\"fix\"} 1\n",
        "klp_patch_in_transition{patch=\"fix\"} 1\n",
        "klp_patch_stack_order{patch=\"fix\"} 1\n",
        "klp_patch_forced{patch=\"fix\"} 0\n",
        "klp_patch_functions{patch=\"fix\",object=\"vmlinux\"} 2\n",
        "klp_transition_pending_tasks{patch=\"fix\",reason=\"running\"} 1\n",
        "klp_transition_pending_tasks{patch=\"fix\",reason=\"idle\"} 1\n",
        "klp_transition_pending_tasks{patch=\"fix\",reason=\"unknown\"} 1\n",
        "klp_transition_pending_tasks{patch=\"fix\",reason=\"not-checked\"} "
        "1\n",
        "klp_transition_pending_idle_cpus{patch=\"fix\"} 1\n",
        "klp_transition_oldest_blocker_age_seconds{patch=\"fix\"} 65\n",
        "klp_transition_start_timestamp_seconds{patch=\"fix\"} 910\n",
        "klp_observer_lost_events_total 0\n",
        "klp_snapshot_document_missing{document=\"list\"} 1\n",
        "klp_transitions_total{patch=\"fix\",direction=\"patching\",result="
        "\"completed\"} 1\n",
        "klp_fake_signals_total 2\n",
        "klp_reversals_total 1\n",
        "klp_forces_total 0\n",
        "klp_transition_duration_seconds_bucket{le=\"0.25\"} 0\n",
        "klp_transition_duration_seconds_bucket{le=\"0.5\"} 1\n",
        "klp_transition_duration_seconds_bucket{le=\"+Inf\"} 1\n",
        "klp_transition_duration_seconds_sum 0.4\n",
        "klp_transition_duration_seconds_count 1\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(MetricsTest, NoLabelNamesATaskOrACommand) {
  const std::string text = TextOf(Stuck(), true);
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, Not(HasSubstr("4711")));
}

TEST(MetricsTest, AnOldSnapshotIsNotShownAsCurrent) {
  const std::string text = TextOf(Stuck(), false);
  EXPECT_THAT(text, HasSubstr("klp_up 0\n"));
  EXPECT_THAT(text, HasSubstr("klp_snapshot_age_seconds 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("klp_patch_enabled")));
}

TEST(MetricsTest, OpenMetricsNamesFamiliesWithoutSuffix) {
  const std::string text = TextOf(Stuck(), true, MetricsFormat::kOpenMetrics);
  EXPECT_THAT(text, HasSubstr("# TYPE klp_patch info\nklp_patch_info{"));
  EXPECT_THAT(text, HasSubstr("# TYPE klp_forces counter\nklp_forces_total 0"));
  EXPECT_TRUE(text.ends_with("# EOF\n"));
  EXPECT_THAT(TextOf(Stuck(), true),
              HasSubstr("# TYPE klp_patch_info gauge\nklp_patch_info{"));
}

}  // namespace
}  // namespace klpx
