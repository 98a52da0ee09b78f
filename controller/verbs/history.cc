// SPDX-License-Identifier: GPL-2.0
// history: lists past transitions; explain: tells the story of one of them.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/base/timestamp.h"
#include "controller/core/history/history_story.h"
#include "controller/core/report/report_history.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/verbs/reports.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

absl::Status NotOne(absl::string_view what, absl::string_view value,
                    absl::string_view wanted) {
  return Error(ErrorKind::kUsage, "history: ", what, " '", value,
               "' is not understood; give ", wanted);
}

absl::Status AddTimes(Kernel& kernel, const HistoryOptions& options,
                      HistoryFilter& filter) {
  const absl::Time now = kernel.ReadHost().time;
  constexpr absl::string_view kWanted =
      "a time in UTC ('2026-11-20 16:05') or how long ago ('2h', '7d')";
  if (!options.since.empty()) {
    filter.since = ParseTimestamp(options.since, now);
    if (!filter.since) return NotOne("--since", options.since, kWanted);
  }
  if (!options.until.empty()) {
    filter.until = ParseTimestamp(options.until, now);
    if (!filter.until) return NotOne("--until", options.until, kWanted);
  }
  return absl::OkStatus();
}

absl::StatusOr<HistoryFilter> FilterOf(Kernel& kernel, Console& console,
                                       const HistoryOptions& options) {
  HistoryFilter filter;
  if (options.patch.find('*') != std::string::npos) {
    filter.patch = absl::StrReplaceAll(options.patch, {{"-", "_"}});
  } else if (!options.patch.empty()) {
    const absl::StatusOr<std::string> name = ResolveName(kernel, options.patch);
    if (!name.ok()) return name.status();
    filter.patch = *name;
  }
  filter.forced = options.forced;
  filter.limit = options.limit;
  filter.whole = console.style.verbose || console.style.json;
  if (!options.outcome.empty()) {
    filter.outcome = ParseOutcome(options.outcome);
    if (!filter.outcome) {
      return NotOne("--outcome", options.outcome,
                    "starting, running, completed, reversed, forced, "
                    "module-removed, interrupted or unknown");
    }
  }
  const absl::Status times = AddTimes(kernel, options, filter);
  if (!times.ok()) return times;
  return filter;
}

bool Filters(const HistoryOptions& options) {
  return !options.patch.empty() || !options.since.empty() ||
         !options.until.empty() || !options.outcome.empty() || options.forced;
}

std::string PathOf(Recorder& recorder, const std::string& file) {
  return file.empty() ? recorder.path : file;
}

}  // namespace

absl::StatusOr<HistoryReport> ReadHistory(Context& context,
                                          const HistoryOptions& options) {
  const absl::StatusOr<HistoryFilter> filter =
      FilterOf(context.kernel, context.console, options);
  if (!filter.ok()) return filter.status();
  if (options.file.empty()) {
    const absl::Status root = RequireRoot(context.kernel, "history");
    if (!root.ok()) return root;
  }
  absl::StatusOr<HistoryStore> store =
      OpenReconciled(context.recorder, PathOf(context.recorder, options.file));
  HistoryReport report;
  report.filtered = Filters(options);
  if (store.ok()) {
    auto found = store->Query(*filter);
    if (!found.ok()) return found.status();
    report.records = *std::move(found);
  } else if (!options.file.empty() || !absl::IsNotFound(store.status())) {
    return store.status();
  }
  report.host = context.kernel.ReadHost();
  return report;
}

std::string HistoryText(const HistoryReport& report, bool verbose) {
  if (!report.records.empty()) return HistoryText(report.records, verbose);
  return report.filtered ? "no transition on record matches\n"
                         : "no transitions on record\n";
}

absl::StatusOr<int> RunHistory(Context& context,
                               const HistoryOptions& options) {
  const absl::StatusOr<HistoryReport> report = ReadHistory(context, options);
  if (!report.ok()) return report.status();
  context.console.out << (context.console.style.json
                              ? HistoryJson(report->host, report->records)
                              : HistoryText(*report,
                                            context.console.style.verbose));
  return 0;
}

namespace {

// Finds a transition by its ID, or the newest one of a patch or of all.
absl::StatusOr<TransitionRecord> FindMeant(Kernel& kernel, HistoryStore& store,
                                           const std::string& which) {
  int64_t id = 0;
  if (absl::SimpleAtoi(which, &id)) return store.Find(id);
  HistoryFilter filter;
  filter.limit = 1;
  filter.whole = true;
  const bool any = which.empty() || which == "newest" || which == "last";
  if (!any) {
    const absl::StatusOr<std::string> name = ResolveName(kernel, which);
    if (!name.ok()) return name.status();
    filter.patch = *name;
  }
  auto found = store.Query(filter);
  if (!found.ok()) return found.status();
  if (found->empty()) return absl::NotFoundError("no transition");
  return std::move(found->front());
}

std::string Unfound(const std::string& which) {
  int64_t id = 0;
  if (which.empty()) return "no transitions on record";
  return absl::StrCat(
      "no transition ", absl::SimpleAtoi(which, &id) ? "" : "of ", "'",
      Printable(which), "' on record; 'klp-controller history' lists them");
}

}  // namespace

absl::StatusOr<int> RunExplain(Context& context,
                               const ExplainOptions& options) {
  if (options.file.empty()) {
    const absl::Status root = RequireRoot(context.kernel, "explain");
    if (!root.ok()) return root;
  }
  absl::StatusOr<HistoryStore> store =
      OpenReconciled(context.recorder, PathOf(context.recorder, options.file));
  absl::StatusOr<TransitionRecord> record =
      store.ok() ? FindMeant(context.kernel, *store, options.which)
                 : absl::StatusOr<TransitionRecord>(store.status());
  if (absl::IsNotFound(record.status())) {
    return Error(ErrorKind::kFailure, "explain: ", Unfound(options.which));
  }
  if (!record.ok()) return record.status();
  context.console.out << (context.console.style.json
                              ? HistoryJson(context.kernel.ReadHost(),
                                            {*record})
                              : Story(*record));
  return 0;
}

}  // namespace klpx
