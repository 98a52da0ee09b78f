// SPDX-License-Identifier: GPL-2.0
// The tables, and how a file gets them.
#include "controller/store/schema.h"

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"

namespace klpx {
namespace {

// Times in _ns are CLOCK_MONOTONIC of the boot, in _us since 1970, UTC.
constexpr absl::string_view kVersion1 = R"sql(
CREATE TABLE transition (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  boot_id TEXT NOT NULL,
  kernel TEXT NOT NULL,
  engine TEXT NOT NULL,
  patch TEXT NOT NULL,
  started_ns INTEGER,
  patching INTEGER NOT NULL,
  model TEXT NOT NULL,
  replaces TEXT NOT NULL,
  initiated_by TEXT NOT NULL,
  verb TEXT NOT NULL,
  uid INTEGER,
  user TEXT NOT NULL,
  login_uid INTEGER,
  sudo_user TEXT NOT NULL,
  tty TEXT NOT NULL,
  pid INTEGER NOT NULL,
  pid_start INTEGER NOT NULL,
  begun_us INTEGER NOT NULL,
  begun_ns INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  ended_ns INTEGER,
  tasks INTEGER,
  pending INTEGER NOT NULL,
  reversals INTEGER NOT NULL,
  signals INTEGER NOT NULL,
  forced INTEGER NOT NULL,
  blockers INTEGER NOT NULL,
  UNIQUE (boot_id, patch, started_ns)
) STRICT;
CREATE INDEX transition_patch ON transition (patch);
CREATE INDEX transition_outcome ON transition (outcome);

CREATE TABLE blocker (
  transition_id INTEGER NOT NULL REFERENCES transition ON DELETE CASCADE,
  tid INTEGER NOT NULL,
  idle_cpu INTEGER NOT NULL,
  start_ns INTEGER NOT NULL,
  pid INTEGER NOT NULL,
  comm TEXT NOT NULL,
  cmdline TEXT NOT NULL,
  cgroup TEXT NOT NULL,
  kthread INTEGER NOT NULL,
  reason TEXT NOT NULL,
  function TEXT NOT NULL,
  since_ns INTEGER NOT NULL,
  seen_ns INTEGER NOT NULL,
  signals INTEGER NOT NULL,
  stack TEXT NOT NULL,
  PRIMARY KEY (transition_id, tid, idle_cpu, start_ns)
) STRICT;

CREATE TABLE force (
  transition_id INTEGER NOT NULL REFERENCES transition ON DELETE CASCADE,
  tid INTEGER NOT NULL,
  idle_cpu INTEGER NOT NULL,
  start_ns INTEGER NOT NULL,
  pid INTEGER NOT NULL,
  comm TEXT NOT NULL,
  cmdline TEXT NOT NULL,
  cgroup TEXT NOT NULL,
  kthread INTEGER NOT NULL,
  reason TEXT NOT NULL,
  function TEXT NOT NULL,
  since_ns INTEGER NOT NULL,
  seen_ns INTEGER NOT NULL,
  signals INTEGER NOT NULL,
  stack TEXT NOT NULL,
  done INTEGER NOT NULL,
  time_ns INTEGER NOT NULL,
  PRIMARY KEY (transition_id, tid, idle_cpu, start_ns)
) STRICT;

CREATE TABLE event (
  transition_id INTEGER NOT NULL REFERENCES transition ON DELETE CASCADE,
  time_ns INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  who TEXT NOT NULL
) STRICT;
CREATE INDEX event_transition ON event (transition_id);

CREATE TABLE finding (
  transition_id INTEGER NOT NULL REFERENCES transition ON DELETE CASCADE,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX finding_transition ON finding (transition_id);
)sql";

// Where a forced task was switched to: 1 into the patch, 0 out of it, NULL not
// known. For older records it is computed where all reversals of the transition
// are on record: they give its direction at the time of the force.
constexpr absl::string_view kVersion2 = R"sql(
ALTER TABLE force ADD COLUMN into_patch INTEGER;
UPDATE force SET into_patch = (
  SELECT (t.patching + (SELECT count(*) FROM event WHERE
      transition_id = t.id AND kind = 'reverse' AND
      time_ns <= force.time_ns)) % 2
  FROM transition AS t WHERE t.id = force.transition_id AND
    t.reversals = (SELECT count(*) FROM event WHERE transition_id = t.id AND
      kind = 'reverse' AND who <> 'somebody who is not on record'));
)sql";

// When tasks were signalled, and when a transition was watched.
constexpr absl::string_view kVersion3 = R"sql(
ALTER TABLE blocker ADD COLUMN signalled_ns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE force ADD COLUMN signalled_ns INTEGER NOT NULL DEFAULT 0;

CREATE TABLE watch (
  transition_id INTEGER NOT NULL REFERENCES transition ON DELETE CASCADE,
  from_ns INTEGER NOT NULL,
  until_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX watch_transition ON watch (transition_id);
)sql";

constexpr absl::string_view kSteps[] = {kVersion1, kVersion2, kVersion3};

}  // namespace

absl::Span<const absl::string_view> HistorySteps() { return kSteps; }

absl::Status CheckHistory(Database& database, size_t steps) {
  const auto application = database.Number("PRAGMA application_id");
  if (!application.ok()) return application.status();
  const auto version = database.Number("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const auto tables = database.Number("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.status();
  const bool empty = *application == 0 && *version == 0 && *tables == 0;
  if (!empty && *application != kHistoryApplicationId) {
    return Error(ErrorKind::kFailure, "history ", database.path(),
                 ": a database of another program; move it away; the next "
                 "command creates a new one");
  }
  if (*version >= 0 && static_cast<size_t>(*version) <= steps) {
    return absl::OkStatus();
  }
  return Error(ErrorKind::kFailure, "history ", database.path(),
               ": written by a newer klp-controller (version ", *version,
               ", this one knows ", steps,
               "); use that one, or move the file away");
}

absl::Status MigrateHistory(Database& database,
                            absl::Span<const absl::string_view> steps) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database);
  if (!transaction.ok()) return transaction.status();
  // Checked again now that no other process can migrate it.
  const absl::Status fits = CheckHistory(database, steps.size());
  if (!fits.ok()) return fits;
  const absl::StatusOr<int64_t> version =
      database.Number("PRAGMA user_version");
  if (!version.ok()) return version.status();
  for (size_t i = static_cast<size_t>(*version); i < steps.size(); i++) {
    absl::Status step = database.Execute(steps[i]);
    if (step.ok()) {
      step = database.Execute(absl::StrCat("PRAGMA user_version=", i + 1));
    }
    if (!step.ok()) return step;
  }
  const absl::Status marked = database.Execute(
      absl::StrCat("PRAGMA application_id=", kHistoryApplicationId));
  if (!marked.ok()) return marked;
  return transaction->Commit();
}

}  // namespace klpx
