// SPDX-License-Identifier: GPL-2.0
// metrics: prints klp_* once, to stdout or to a file for node_exporter. Reads
// the daemon's snapshot if that is fresh, else the kernel itself.
#include "controller/core/publish/metrics.h"

#include <sstream>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/run_files.h"
#include "controller/core/publish/snapshot.h"
#include "controller/sys/io/replace_file.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr mode_t kTextfileMode = 0644;
constexpr uint64_t kHistoryLimit = 1000;

// What a verb prints with --json; null if it fails, with the reason in errors.
Json Ask(Context& context, const char* name,
         absl::FunctionRef<absl::StatusOr<int>(Context&)> verb, Json& errors) {
  std::ostringstream out;
  std::ostringstream err;
  Context inner(context, out, err);
  inner.console.style.json = true;
  const absl::StatusOr<int> code = verb(inner);
  Json document =
      code.ok() ? Json::parse(out.str(), nullptr, false) : Json(nullptr);
  if (!code.ok()) errors[name] = std::string(code.status().message());
  return document.is_discarded() ? Json(nullptr) : document;
}

Snapshot ReadLive(Context& context) {
  Snapshot live;
  live.errors = Json::object();
  live.status = Ask(
      context, "status", [](Context& c) { return RunStatus(c, ""); },
      live.errors);
  live.blocking = Ask(
      context, "blocking", [](Context& c) { return RunBlocking(c, {}); },
      live.errors);
  live.history = Ask(
      context, "history",
      [](Context& c) {
        HistoryOptions options;
        options.limit = kHistoryLimit;
        return RunHistory(c, options);
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
