// SPDX-License-Identifier: GPL-2.0
// Metrics about the patches of a machine.
#include "controller/core/publish/metrics.h"

#include <algorithm>
#include <set>
#include <utility>

#include "controller/core/base/json_read.h"

namespace klpx {
namespace {

// Patch names are arbitrary, so the number of their series needs a bound.
constexpr size_t kMostPatches = 200;

Family Gauge(const char* name, const char* help) {
  return {name, MetricKind::kGauge, help, {}};
}

void Add(Family& family, Labels labels, double value) {
  family.samples.push_back({"", std::move(labels), value});
}

// The patches of a status document, and the families with a sample for each.
struct PatchFamilies {
  Family info = {
      "klp_patch", MetricKind::kInfo, "Patches whose module is loaded.", {}};
  Family enabled =
      Gauge("klp_patch_enabled",
            "1 if the patch is enabled, even while in transition.");
  Family moving =
      Gauge("klp_patch_in_transition",
            "1 while tasks are being moved into or out of the patch.");
  Family order = Gauge("klp_patch_stack_order",
                       "Position in the stack of patches; 1 is the lowest.");
  Family functions = Gauge("klp_patch_functions",
                           "Functions that the patch replaces, by object.");
  Family forced = Gauge("klp_patch_forced",
                        "1 if a task was switched unchecked for the patch.");
};

void AddPatch(const Json& patch, const std::string& kernel,
              PatchFamilies& all) {
  const std::string name = StringOf(patch, "name");
  const Labels labels = {{"patch", name}};
  const Json& replace = FieldOf(patch, "replace");
  Add(all.info,
      {{"patch", name},
       {"kernel", kernel},
       {"engine", StringOf(patch, "engine")},
       {"version", StringOf(patch, "version")},
       {"replace",
        replace.is_boolean() ? replace.get<bool>() ? "true" : "false" : ""}},
      1);
  Add(all.enabled, labels, IsTrue(patch, "enabled"));
  Add(all.moving, labels, IsTrue(patch, "transition"));
  Add(all.forced, labels,
      IsTrue(patch, "forced") || !ListOf(patch, "forces").empty());
  const auto order = CountOf(patch, "stack_order");
  if (order) Add(all.order, labels, *order);
  for (const Json& object : ListOf(patch, "objects")) {
    Add(all.functions, {{"patch", name}, {"object", StringOf(object, "name")}},
        ListOf(object, "functions").size());
  }
}

void AddPatches(const Snapshot& snapshot, std::vector<Family>& families) {
  PatchFamilies all;
  std::set<std::string> seen;
  for (const Json& patch : ListOf(snapshot.status, "patches")) {
    if (seen.size() == kMostPatches) break;
    if (!seen.insert(StringOf(patch, "name")).second) continue;
    AddPatch(patch, snapshot.host.kernel, all);
  }
  for (Family* family : {&all.info, &all.enabled, &all.moving, &all.order,
                         &all.functions, &all.forced}) {
    families.push_back(std::move(*family));
  }
}

// The reasons that reports use; any other becomes "unknown".
std::string ReasonLabel(const Json& blocker) {
  static constexpr absl::string_view kReasons[] = {
      "not-checked",     "running", "on-function", "unreliable-stack",  "idle",
      "uninterruptible", "exiting", "unknown",     "stopped-or-traced",
  };
  const std::string reason = StringOf(blocker, "reason");
  const bool known = std::count(std::begin(kReasons), std::end(kReasons),
                                absl::string_view(reason)) > 0;
  return known ? reason : "unknown";
}

void AddTransition(const Snapshot& snapshot, std::vector<Family>& families) {
  const std::string patch = StringOf(snapshot.blocking, "patch");
  if (patch.empty()) return;
  Family pending = Gauge("klp_transition_pending_tasks",
                         "Tasks that have not switched yet, by reason.");
  Family idle = Gauge("klp_transition_pending_idle_cpus",
                      "CPUs whose idle task has not switched yet.");
  Family oldest = Gauge("klp_transition_oldest_blocker_age_seconds",
                        "Age of the oldest blocker.");
  Family start = Gauge("klp_transition_start_timestamp_seconds",
                       "When the running transition began.");
  const Labels labels = {{"patch", patch}};
  std::map<std::string, uint64_t> reasons;
  uint64_t idle_cpus = 0;
  uint64_t oldest_ms = 0;
  for (const Json& blocker : ListOf(snapshot.blocking, "blockers")) {
    reasons[ReasonLabel(blocker)]++;
    idle_cpus += FieldOf(blocker, "idle_cpu").is_number();
    oldest_ms = std::max(oldest_ms, CountOf(blocker, "age_ms").value_or(0));
  }
  // Tasks that have not been checked yet are pending, but not listed.
  const uint64_t seen = ListOf(snapshot.blocking, "blockers").size();
  const uint64_t left = CountOf(snapshot.blocking, "pending").value_or(seen);
  if (left > seen) reasons["not-checked"] += left - seen;
  for (const auto& [reason, count] : reasons) {
    Add(pending, {{"patch", patch}, {"reason", reason}}, count);
  }
  Add(idle, labels, idle_cpus);
  Add(oldest, labels, oldest_ms / 1000.0);
  const auto elapsed_ms = CountOf(snapshot.blocking, "elapsed_ms");
  if (elapsed_ms) {
    Add(start, labels,
        absl::ToDoubleSeconds(snapshot.host.time - absl::UnixEpoch()) -
            *elapsed_ms / 1000.0);
  }
  for (Family* family : {&pending, &idle, &oldest, &start}) {
    families.push_back(std::move(*family));
  }
}

// Names missing documents, so that a missing series is not taken for a zero.
void AddErrors(const Snapshot& snapshot, std::vector<Family>& families) {
  Family missing =
      Gauge("klp_snapshot_document_missing",
            "1 for each document that is missing from the snapshot.");
  for (const char* member : {"status", "list", "blocking", "history"}) {
    if (snapshot.errors.contains(member)) {
      Add(missing, {{"document", member}}, 1);
    }
  }
  families.push_back(std::move(missing));
}

void AddObserver(const Snapshot& snapshot, std::vector<Family>& families) {
  const auto lost =
      CountOf(FieldOf(snapshot.status, "observer"), "events_lost");
  if (!lost) return;
  families.push_back({"klp_observer_lost_events",
                      MetricKind::kCounter,
                      "Reports of the engine that the BPF observer missed.",
                      {{"", {}, static_cast<double>(*lost)}}});
}

}  // namespace

std::vector<Family> KlpMetrics(const MetricsInput& input) {
  std::vector<Family> families;
  families.push_back({"klp_build",
                      MetricKind::kInfo,
                      "Version of klp-controller.",
                      {{"", {{"version", input.version}}, 1}}});
  Family up = Gauge("klp_up", "1 if the metrics below are current.");
  Add(up, {}, input.fresh);
  families.push_back(std::move(up));
  if (input.age) {
    Family age = Gauge("klp_snapshot_age_seconds",
                       "Age of the snapshot that the daemon wrote.");
    Add(age, {}, absl::ToDoubleSeconds(*input.age));
    families.push_back(std::move(age));
  }
  if (input.snapshot == nullptr || !input.fresh) return families;
  families.push_back({"klp_host",
                      MetricKind::kInfo,
                      "Information about the host.",
                      {{"", {{"kernel", input.snapshot->host.kernel}}, 1}}});
  const Json& engine = FieldOf(input.snapshot->status, "engine");
  if (engine.is_object()) {
    Family loaded = Gauge("klp_engine_loaded", "1 if klpx.ko is loaded.");
    Add(loaded, {}, IsTrue(engine, "loaded"));
    families.push_back(std::move(loaded));
  }
  AddPatches(*input.snapshot, families);
  AddTransition(*input.snapshot, families);
  AddObserver(*input.snapshot, families);
  AddErrors(*input.snapshot, families);
  if (input.totals != nullptr) input.totals->AddFamilies(families);
  return families;
}

}  // namespace klpx
