// SPDX-License-Identifier: GPL-2.0
// The history of transitions in a SQLite file: reads it.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "controller/core/base/error.h"
#include "controller/store/rows.h"
#include "controller/store/store.h"

namespace klpx {
namespace {

absl::Status ForEach(Statement& statement, absl::FunctionRef<void()> take) {
  for (;;) {
    const absl::StatusOr<bool> row = statement.Step();
    if (!row.ok() || !*row) return row.status();
    take();
  }
}

std::optional<int64_t> Micros(const std::optional<absl::Time>& time) {
  if (!time) return std::nullopt;
  return absl::ToUnixMicros(*time);
}

// Versions before the third have no signalled_ns: it reads as 0.
std::string TaskQuery(int64_t version, absl::string_view table,
                      absl::string_view more) {
  absl::string_view columns = kTaskColumns;
  const bool old = version < 3 && absl::ConsumeSuffix(&columns, "signalled_ns");
  return absl::StrCat("SELECT ", columns, old ? "0" : "", more, " FROM ", table,
                      " WHERE transition_id = ? ORDER BY rowid");
}

}  // namespace

absl::StatusOr<int64_t> HistoryStore::Newest(const std::string& boot_id,
                                             const std::string& patch) {
  Statement select = database_.Prepare(
      "SELECT id FROM transition WHERE boot_id = ? AND patch = ? AND "
      "(started_ns IS NOT NULL OR (engine = 'kernel' AND outcome <> "
      "'starting')) ORDER BY coalesce(started_ns, begun_ns) DESC LIMIT 1");
  select.Bind(boot_id, patch);
  const absl::StatusOr<bool> row = select.Step();
  if (!row.ok()) return row.status();
  return *row ? select.Integer() : 0;
}

absl::Status HistoryStore::LoadWatches(TransitionRecord& record) {
  Statement watches = database_.Prepare(
      "SELECT from_ns, until_ns FROM watch WHERE transition_id = ? ORDER BY "
      "from_ns");
  return ForEach(watches.Bind(record.id), [&] {
    const int64_t from_ns = watches.Integer();
    record.watched.push_back({from_ns, watches.Integer()});
  });
}

absl::Status HistoryStore::LoadParts(TransitionRecord& record) {
  const absl::StatusOr<int64_t> version =
      database_.Number("PRAGMA user_version");
  if (!version.ok()) return version.status();
  Statement blockers = database_.Prepare(TaskQuery(*version, "blocker", ""));
  absl::Status status = ForEach(blockers.Bind(record.id), [&] {
    record.blocked.push_back(TaskOf(blockers));
  });
  if (!status.ok()) return status;
  if (*version >= 3) status = LoadWatches(record);
  if (!status.ok()) return status;
  Statement forces = database_.Prepare(TaskQuery(
      *version, "force",
      *version >= 2 ? ", done, time_ns, into_patch" : ", done, time_ns, NULL"));
  status = ForEach(forces.Bind(record.id), [&] {
    ForceRecord force;
    force.task = TaskOf(forces);
    force.done = forces.Integer() != 0;
    force.time_ns = forces.Integer();
    if (const auto into = forces.MaybeInteger()) force.into = *into != 0;
    record.forces.push_back(std::move(force));
  });
  if (!status.ok()) return status;
  Statement events = database_.Prepare(
      "SELECT time_ns, kind, text, who FROM event WHERE transition_id = ? "
      "ORDER BY time_ns, rowid");
  status = ForEach(events.Bind(record.id), [&] {
    HistoryEvent event;
    event.time_ns = events.Integer();
    event.kind = events.Text();
    event.text = events.Text();
    event.who = events.Text();
    record.events.push_back(std::move(event));
  });
  if (!status.ok()) return status;
  Statement findings = database_.Prepare(
      "SELECT code, severity, subject, text FROM finding WHERE transition_id = "
      "? ORDER BY rowid");
  return ForEach(findings.Bind(record.id), [&] {
    FindingRecord finding;
    finding.code = findings.Text();
    finding.severity = findings.Text();
    finding.subject = findings.Text();
    finding.text = findings.Text();
    record.findings.push_back(std::move(finding));
  });
}

absl::StatusOr<std::vector<TransitionRecord>> HistoryStore::Query(
    const HistoryFilter& filter) {
  Statement select = database_.Prepare(absl::StrCat(
      "SELECT id, ", kTransitionColumns,
      " FROM transition WHERE "
      "(?1 = '' OR patch GLOB ?1) AND (?2 IS NULL OR begun_us >= ?2) AND "
      "(?3 IS NULL OR begun_us <= ?3) AND (?4 = '' OR outcome = ?4) AND "
      "(NOT ?5 OR forced > 0) AND (?6 = '' OR boot_id = ?6) ORDER BY id DESC "
      "LIMIT ?7"));
  select.Bind(
      filter.patch, Micros(filter.since), Micros(filter.until),
      filter.outcome ? OutcomeWord(*filter.outcome) : "", filter.forced,
      filter.boot_id,
      filter.limit == 0 ? int64_t{-1} : static_cast<int64_t>(filter.limit));
  std::vector<TransitionRecord> records;
  absl::Status status =
      ForEach(select, [&] { records.push_back(TransitionOf(select)); });
  for (TransitionRecord& record : records) {
    if (status.ok() && filter.whole) status = LoadParts(record);
  }
  if (!status.ok()) return status;
  return records;
}

absl::StatusOr<TransitionRecord> HistoryStore::Find(int64_t id) {
  Statement select = database_.Prepare(absl::StrCat(
      "SELECT id, ", kTransitionColumns, " FROM transition WHERE id = ?"));
  select.Bind(id);
  const absl::StatusOr<bool> row = select.Step();
  if (!row.ok()) return row.status();
  if (!*row) {
    return absl::NotFoundError(
        absl::StrCat("history ", database_.path(), ": no transition ", id));
  }
  TransitionRecord record = TransitionOf(select);
  const absl::Status loaded = LoadParts(record);
  if (!loaded.ok()) return loaded;
  return record;
}

absl::StatusOr<std::string> HistoryStore::CheckIntegrity() {
  Statement check = database_.Prepare("PRAGMA integrity_check(1)");
  const absl::StatusOr<bool> row = check.Step();
  if (!row.ok()) return row.status();
  const std::string verdict = *row ? check.Text() : "no answer";
  return verdict == "ok" ? "" : verdict;
}

}  // namespace klpx
