// SPDX-License-Identifier: GPL-2.0
// The history of transitions in a SQLite file: opens and writes it.
// store_read.cc reads it; reconcile.cc keeps it true and small.
#include "controller/store/store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/store/rows.h"
#include "controller/store/schema.h"
#include "controller/sys/io/errno_status.h"

namespace klpx {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(5);
// Two processes that create the same file can disturb each other in ways for
// which SQLite's busy timeout does not wait.
constexpr absl::Duration kOpenRetry = absl::Milliseconds(20);
constexpr mode_t kDirectoryMode = 0750;
constexpr int kWalBytes = 4 << 20;

absl::Status MakeDirectory(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return absl::OkStatus();
  const std::string directory = path.substr(0, slash);
  if (mkdir(directory.c_str(), kDirectoryMode) == 0) return absl::OkStatus();
  const int error_number = errno;
  if (error_number == EEXIST) return absl::OkStatus();
  return ErrnoError(error_number,
                    absl::StrCat("history ", path, ": mkdir ", directory));
}

// Makes SQLite refuse to grow the file far beyond the limit, even if pruning
// fails.
absl::Status Configure(Database& database, const HistoryLimits& limits) {
  const auto page_size = database.Number("PRAGMA page_size");
  if (!page_size.ok()) return page_size.status();
  const uint64_t pages =
      limits.bytes / std::max<uint64_t>(*page_size, 512) * 5 / 4 + 64;
  return database.Execute(
      absl::StrCat("PRAGMA max_page_count=", pages,
                   "; PRAGMA journal_size_limit=", kWalBytes));
}

absl::Status Prepare(Database& database, Access access,
                     const HistoryLimits& limits) {
  const size_t newest = HistorySteps().size();
  absl::Status status = CheckHistory(database, newest);
  if (!status.ok()) return status;
  const auto version = database.Number("PRAGMA user_version");
  if (!version.ok()) return version.status();
  if (access == Access::kReadOnly) {
    // store_read.cc reads what earlier versions wrote.
    if (*version >= 1) return absl::OkStatus();
    return Error(ErrorKind::kFailure, "history ", database.path(), ": version ",
                 *version,
                 " is too old to be read as it is; run "
                 "'klp-controller history' as root to update it");
  }
  status = database.Execute("PRAGMA journal_mode=WAL");
  if (status.ok()) status = Configure(database, limits);
  if (status.ok() && static_cast<size_t>(*version) < newest) {
    status = MigrateHistory(database, HistorySteps());
  }
  return status;
}

absl::StatusOr<Database> OpenOnce(const std::string& path, Access access,
                                  const HistoryLimits& limits) {
  absl::StatusOr<Database> database = Database::Open(path, access, kPatience);
  if (!database.ok()) return database;
  const absl::Status prepared = Prepare(*database, access, limits);
  if (!prepared.ok()) return prepared;
  return database;
}

}  // namespace

absl::StatusOr<HistoryStore> HistoryStore::Open(const std::string& path,
                                                Access access,
                                                const HistoryLimits& limits) {
  if (access == Access::kReadWrite) {
    const absl::Status made = MakeDirectory(path);
    if (!made.ok()) return made;
  }
  absl::Duration waited;
  for (;;) {
    absl::StatusOr<Database> database = OpenOnce(path, access, limits);
    if (database.ok()) return HistoryStore(*std::move(database), limits);
    if (!IsBusy(database.status()) || waited >= kPatience) {
      return database.status();
    }
    sqlite3_sleep(absl::ToInt64Milliseconds(kOpenRetry));
    waited += kOpenRetry;
  }
}

std::string HistoryStore::Cut(absl::string_view text) const {
  return std::string(text.substr(0, limits_.text_bytes));
}

absl::StatusOr<int64_t> HistoryStore::Insert(const TransitionRecord& record) {
  Statement insert = database_.Prepare(
      absl::StrCat("INSERT INTO transition (", kTransitionColumns, ") VALUES (",
                   Marks(kTransitionColumnCount), ")"));
  BindTransition(insert, record);
  const absl::Status inserted = insert.Run();
  if (!inserted.ok()) return inserted;
  return database_.LastId();
}

absl::Status HistoryStore::Update(const TransitionRecord& record) {
  Statement update = database_.Prepare(
      absl::StrCat("UPDATE transition SET (", kTransitionColumns, ") = (",
                   Marks(kTransitionColumnCount), ") WHERE id = ?"));
  BindTransition(update, record);
  update.Bind(record.id);
  return update.Run();
}

absl::StatusOr<int64_t> HistoryStore::Begin(const TransitionRecord& record) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database_);
  if (!transaction.ok()) return transaction.status();
  const absl::Status room = MakeRoom(record.boot_id);
  if (!room.ok()) return room;
  const absl::StatusOr<int64_t> id = Insert(record);
  if (!id.ok()) return id;
  const absl::Status committed = transaction->Commit();
  if (!committed.ok()) return committed;
  return id;
}

absl::Status HistoryStore::Abandon(int64_t id) {
  return database_
      .Prepare("DELETE FROM transition WHERE id = ? AND outcome = ?")
      .Bind(id, OutcomeWord(Outcome::kStarting))
      .Run();
}

// Adds a task to the table of blockers or, with `force`, to that of forced
// tasks. A task that is there already is updated, but keeps the first stack
// that could be read.
absl::Status HistoryStore::AddTask(int64_t id, const BlockerRecord& task,
                                   const ForceRecord* force) {
  BlockerRecord kept = task;
  kept.comm = Cut(task.comm);
  kept.cmdline = Cut(task.cmdline);
  kept.cgroup = Cut(task.cgroup);
  kept.function = Cut(task.function);
  if (kept.stack.size() > limits_.stack_frames) {
    kept.stack.resize(limits_.stack_frames);
  }
  for (std::string& frame : kept.stack) frame = Cut(frame);
  Statement insert = database_.Prepare(absl::StrCat(
      "INSERT INTO ", force ? "force" : "blocker", " (", kTaskColumns,
      force ? ", done, time_ns, into_patch" : "", ", transition_id) VALUES (",
      Marks(kTaskColumnCount + (force ? 4 : 1)),
      ") ON CONFLICT DO UPDATE SET reason = excluded.reason,"
      " function = excluded.function, seen_ns = excluded.seen_ns,"
      " signals = excluded.signals,"
      " signalled_ns = iif(signalled_ns = 0, excluded.signalled_ns,"
      " signalled_ns),"
      " stack = iif(stack = '', excluded.stack, stack)",
      force ? ", done = max(done, excluded.done), time_ns = "
              "iif(excluded.done >= done, excluded.time_ns, time_ns), "
              "into_patch = iif(excluded.done >= done, excluded.into_patch, "
              "into_patch)"
            : ""));
  BindTask(insert, kept);
  if (force) insert.Bind(force->done, force->time_ns, force->into);
  insert.Bind(id);
  return insert.Run();
}

absl::Status HistoryStore::SawBlockers(int64_t id,
                                       absl::Span<const BlockerRecord> blockers,
                                       uint64_t pending, uint64_t total,
                                       const WatchSpan& watched) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database_);
  if (!transaction.ok()) return transaction.status();
  const size_t kept = std::min<size_t>(blockers.size(), limits_.blockers);
  for (const BlockerRecord& blocker : blockers.first(kept)) {
    const absl::Status added = AddTask(id, blocker, nullptr);
    if (!added.ok()) return added;
  }
  absl::Status status =
      database_
          .Prepare(
              "DELETE FROM blocker WHERE rowid IN (SELECT rowid FROM "
              "blocker WHERE transition_id = ? ORDER BY rowid "
              "LIMIT -1 OFFSET ?)")
          .Bind(id, limits_.blockers)
          .Run();
  if (status.ok()) {
    status = database_
                 .Prepare(
                     "UPDATE transition SET pending = ?, "
                     "blockers = max(blockers, ?) WHERE id = ?")
                 .Bind(pending, total, id)
                 .Run();
  }
  if (status.ok()) status = AddWatch(id, watched);
  return status.ok() ? transaction->Commit() : status;
}

// Several processes may watch: spans that overlap, or nearly do, become one.
// Beyond the limit of spans, the rest of the time counts as not watched.
absl::Status HistoryStore::AddWatch(int64_t id, const WatchSpan& span) {
  if (span.until_ns == 0) return absl::OkStatus();
  const absl::Status extended =
      database_
          .Prepare(
              "UPDATE watch SET from_ns = min(from_ns, ?2), "
              "until_ns = max(until_ns, ?3) WHERE transition_id = ?1 AND "
              "from_ns <= ?3 + ?4 AND until_ns >= ?2 - ?4")
          .Bind(id, span.from_ns, span.until_ns, kWatchGapNs)
          .Run();
  if (!extended.ok() || database_.Changes() > 0) return extended;
  return database_
      .Prepare(
          "INSERT INTO watch SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM "
          "watch WHERE transition_id = ?1) < ?4")
      .Bind(id, span.from_ns, span.until_ns, limits_.watches)
      .Run();
}

absl::Status HistoryStore::AddEvent(int64_t id, const HistoryEvent& event) {
  return database_
      .Prepare(
          "INSERT INTO event SELECT ?, ?, ?, ?, ? WHERE (SELECT count(*) "
          "FROM event WHERE transition_id = ?) < ?")
      .Bind(id, event.time_ns, event.kind, Cut(event.text), Cut(event.who), id,
            limits_.events)
      .Run();
}

absl::Status HistoryStore::AddEventOnce(int64_t id, const HistoryEvent& event) {
  return database_
      .Prepare(
          "INSERT INTO event SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 "
          "FROM event WHERE transition_id = ? AND kind = ?) AND EXISTS "
          "(SELECT 1 FROM transition WHERE id = ?)")
      .Bind(id, event.time_ns, event.kind, Cut(event.text), Cut(event.who), id,
            event.kind, id)
      .Run();
}

absl::Status HistoryStore::AddFindings(
    int64_t id, absl::Span<const FindingRecord> findings) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database_);
  if (!transaction.ok()) return transaction.status();
  const size_t kept = std::min<size_t>(findings.size(), limits_.events);
  for (const FindingRecord& finding : findings.first(kept)) {
    const absl::Status added =
        database_.Prepare("INSERT INTO finding VALUES (?, ?, ?, ?, ?)")
            .Bind(id, Cut(finding.code), Cut(finding.severity),
                  Cut(finding.subject), Cut(finding.text))
            .Run();
    if (!added.ok()) return added;
  }
  return transaction->Commit();
}

absl::Status HistoryStore::AddForces(int64_t id,
                                     absl::Span<const ForceRecord> forces) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database_);
  if (!transaction.ok()) return transaction.status();
  for (const ForceRecord& force : forces) {
    const absl::Status added = AddTask(id, force.task, &force);
    if (!added.ok()) return added;
  }
  const absl::Status counted =
      database_
          .Prepare(
              "UPDATE transition SET forced = max(forced, (SELECT count(*) "
              "FROM force WHERE transition_id = ?1 AND done = 1)) "
              "WHERE id = ?1 AND engine = 'kernel'")
          .Bind(id)
          .Run();
  if (!counted.ok()) return counted;
  return transaction->Commit();
}

absl::Status HistoryStore::RemoveForces(int64_t id, int64_t time_ns) {
  return database_
      .Prepare(
          "DELETE FROM force WHERE transition_id = ? AND time_ns = ? "
          "AND done = 0")
      .Bind(id, time_ns)
      .Run();
}

}  // namespace klpx
