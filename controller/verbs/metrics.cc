// SPDX-License-Identifier: GPL-2.0
// metrics: prints klp_* once, to stdout or to a file for node_exporter. Reads
// the daemon's snapshot if that is fresh, else the kernel itself.
#include "controller/core/publish/metrics.h"

#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/run_files.h"
#include "controller/core/publish/snapshot.h"
#include "controller/core/report/report_json.h"
#include "controller/sys/io/replace_file.h"
#include "controller/verbs/reports.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr mode_t kTextfileMode = 0644;
constexpr uint64_t kHistoryLimit = 1000;

// Null if there is no report; errors say why.
template <typename Report, typename ToDocument>
Json DocumentOf(const char* name, const absl::StatusOr<Report>& report,
                ToDocument document, Json& errors) {
  if (report.ok()) return document(*report);
  errors[name] = std::string(report.status().message());
  return nullptr;
}

// What the daemon would write.
Snapshot ReadLive(Context& context) {
  std::ostringstream aside;
  Context inner(context, aside, aside);
  inner.console.style.json = true;
  HistoryOptions newest;
  newest.limit = kHistoryLimit;
  Snapshot live;
  live.errors = Json::object();
  live.status =
      DocumentOf("status", ReadStatus(inner, ""), StatusDocument, live.errors);
  live.blocking = DocumentOf("blocking", ReadBlocking(inner, {}),
                             BlockingDocument, live.errors);
  live.history = DocumentOf(
      "history", ReadHistory(inner, newest),
      [](const HistoryReport& report) {
        return HistoryDocument(report.host, report.records);
      },
      live.errors);
  live.host = context.kernel.ReadHost();
  return live;
}

absl::StatusOr<Snapshot> ReadSnapshot(Kernel& kernel,
                                      const MetricsOptions& options) {
  const std::string path =
      options.snapshot.empty() ? kSnapshotFile : options.snapshot;
  const absl::StatusOr<std::string> text = kernel.ReadFile(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<Snapshot> snapshot = ParseSnapshot(*text);
  if (!snapshot.ok()) return Annotate(snapshot.status(), path);
  return snapshot;
}

}  // namespace

absl::StatusOr<int> RunMetrics(Context& context,
                               const MetricsOptions& options) {
  absl::StatusOr<Snapshot> snapshot = ReadSnapshot(context.kernel, options);
  if (!snapshot.ok() && !options.snapshot.empty()) return snapshot.status();
  MetricsInput input;
  const Host now = context.kernel.ReadHost();
  const auto is_fresh = [&] {
    return IsOfThisBoot(*snapshot, now) &&
           SnapshotAge(*snapshot, now) <= kStaleAfter;
  };
  if (options.snapshot.empty() && (!snapshot.ok() || !is_fresh())) {
    snapshot = ReadLive(context);
  }
  TransitionTotals totals;
  totals.Absorb(snapshot->history, now.boot_id);
  input.version = options.version;
  input.snapshot = &*snapshot;
  input.fresh = is_fresh();
  input.age = SnapshotAge(*snapshot, now);
  input.totals = &totals;
  const std::string text =
      MetricsText(KlpMetrics(input), MetricsFormat::kPrometheus);
  if (options.textfile.empty()) {
    context.console.out << text;
    return 0;
  }
  const absl::Status written =
      ReplaceFile(options.textfile, text, {.mode = kTextfileMode});
  if (!written.ok()) return Annotate(written, "metrics");
  return 0;
}

}  // namespace klpx
