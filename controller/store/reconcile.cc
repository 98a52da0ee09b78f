// SPDX-License-Identifier: GPL-2.0
// Keeps the history true, as core/history/history_reconcile.h decides, and
// small, as core/history/history_retention.h decides.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/core/history/history_livepatch.h"
#include "controller/core/history/history_retention.h"
#include "controller/store/rows.h"
#include "controller/store/store.h"

namespace klpx {
namespace {

// Never prune transitions that are still open, or that have forced tasks in
// this boot.
constexpr absl::string_view kMayGo =
    "outcome NOT IN ('starting', 'running') AND "
    "(boot_id <> ? OR (forced = 0 AND NOT EXISTS (SELECT 1 FROM force WHERE "
    "transition_id = transition.id)))";

// The time that a process which acted on a transition has to record that after
// its end.
constexpr int64_t kGraceNs = 2'000'000'000;

}  // namespace

absl::Status HistoryStore::MakeRoom(const std::string& boot_id) {
  for (;;) {
    const auto count = database_.Number("SELECT count(*) FROM transition");
    if (!count.ok()) return count.status();
    const auto bytes = database_.Number(
        "SELECT (page_count - freelist_count) * page_size FROM "
        "pragma_page_count, pragma_freelist_count, pragma_page_size");
    if (!bytes.ok()) return bytes.status();
    const uint64_t prune =
        CountToPrune({static_cast<uint64_t>(*count),
                      static_cast<uint64_t>(std::max<int64_t>(*bytes, 0))},
                     limits_);
    if (prune == 0) return absl::OkStatus();
    const absl::Status pruned =
        database_
            .Prepare(absl::StrCat(
                "DELETE FROM transition WHERE id IN (SELECT id FROM transition "
                "WHERE ",
                kMayGo, " ORDER BY forced > 0, id LIMIT ?)"))
            .Bind(boot_id, prune)
            .Run();
    if (!pruned.ok()) return pruned;
    // Nothing is left that may be pruned: the file's own limit (Configure() in
    // store.cc) still bounds it.
    if (database_.Changes() == 0) return absl::OkStatus();
  }
}

absl::StatusOr<std::vector<int64_t>> HistoryStore::Claimed(
    const std::string& boot_id) {
  Statement select = database_.Prepare(
      "SELECT started_ns FROM transition WHERE boot_id = ? AND started_ns IS "
      "NOT NULL");
  select.Bind(boot_id);
  std::vector<int64_t> claimed;
  for (;;) {
    const absl::StatusOr<bool> row = select.Step();
    if (!row.ok()) return row.status();
    if (!*row) return claimed;
    claimed.push_back(select.Integer());
  }
}

absl::Status HistoryStore::ReconcileOpen(const EngineFacts& facts,
                                         IsAlive is_alive) {
  Statement select =
      database_.Prepare(absl::StrCat("SELECT id, ", kTransitionColumns,
                                     " FROM transition WHERE outcome IN "
                                     "('starting', 'running') ORDER BY id"));
  std::vector<TransitionRecord> open;
  for (;;) {
    const absl::StatusOr<bool> row = select.Step();
    if (!row.ok()) return row.status();
    if (!*row) break;
    open.push_back(TransitionOf(select));
  }
  for (const TransitionRecord& record : open) {
    const auto claimed = Claimed(facts.boot_id);
    if (!claimed.ok()) return claimed.status();
    const Initiator& who = record.initiator;
    const bool lives = is_alive(who.pid, who.pid_start);
    const std::optional<TransitionRecord> reconciled =
        IsLivepatch(record) ? ReconcileLivepatch(record, facts, lives)
                            : klpx::Reconcile(record, facts, *claimed, lives);
    const absl::Status written =
        reconciled ? Update(*reconciled) : Abandon(record.id);
    if (!written.ok()) return written;
  }
  return absl::OkStatus();
}

absl::Status HistoryStore::AdoptLivepatches(const EngineFacts& facts) {
  for (const LivepatchFact& found : facts.livepatches) {
    if (!found.transition) continue;
    Statement select = database_.Prepare(
        "SELECT count(*) FROM transition WHERE boot_id = ? AND patch = ? AND "
        "engine = 'kernel' AND outcome = 'running'");
    select.Bind(facts.boot_id, found.patch);
    const absl::StatusOr<bool> row = select.Step();
    if (!row.ok()) return row.status();
    if (select.Integer() > 0 || !facts.is_under_way(found)) continue;
    const absl::Status room = MakeRoom(facts.boot_id);
    if (!room.ok()) return room;
    const absl::Status adopted = Insert(AdoptLivepatch(found, facts)).status();
    if (!adopted.ok()) return adopted;
  }
  return absl::OkStatus();
}

absl::Status HistoryStore::AdoptOthers(const EngineFacts& facts) {
  if (!facts.recent) return absl::OkStatus();
  const auto claimed = Claimed(facts.boot_id);
  if (!claimed.ok()) return claimed.status();
  for (const RecentTransition& found : *facts.recent) {
    if (std::find(claimed->begin(), claimed->end(), found.started_ns) !=
        claimed->end()) {
      continue;
    }
    const absl::Status room = MakeRoom(facts.boot_id);
    if (!room.ok()) return room;
    const absl::Status adopted = Insert(Adopt(found, facts)).status();
    if (!adopted.ok()) return adopted;
  }
  return absl::OkStatus();
}

// Adds events for reversals and forces that the engine has counted, but that
// are not on record: the process that caused them was killed before it recorded
// them, or is not klp-controller. kGraceNs gives it time to record them itself.
absl::Status HistoryStore::FillInEvents(const EngineFacts& facts) {
  constexpr absl::string_view kCounts[][2] = {{"reverse", "reversals"},
                                              {"force", "min(forced, 1)"}};
  for (const auto& [kind, count] : kCounts) {
    const absl::Status filled =
        database_
            .Prepare(absl::StrCat(
                "INSERT INTO event SELECT id, ended_ns, ?1, '', ?2 FROM "
                "transition WHERE boot_id = ?3 AND ended_ns < ?4 AND ",
                count,
                " > (SELECT count(*) FROM event WHERE transition_id = "
                "transition.id AND kind = ?1)"))
            .Bind(kind, kUnknownActor, facts.boot_id, facts.now_ns - kGraceNs)
            .Run();
    if (!filled.ok()) return filled;
  }
  return absl::OkStatus();
}

absl::Status HistoryStore::Reconcile(const EngineFacts& facts,
                                     IsAlive is_alive) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database_);
  if (!transaction.ok()) return transaction.status();
  absl::Status status = ReconcileOpen(facts, is_alive);
  if (status.ok()) status = AdoptOthers(facts);
  if (status.ok()) status = AdoptLivepatches(facts);
  if (status.ok()) status = FillInEvents(facts);
  return status.ok() ? transaction->Commit() : status;
}

absl::Status HistoryStore::SawEnd(int64_t id, const RecentTransition& seen) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database_);
  if (!transaction.ok()) return transaction.status();
  const absl::StatusOr<TransitionRecord> record = Find(id);
  if (absl::IsNotFound(record.status())) return absl::OkStatus();  // pruned
  if (!record.ok()) return record.status();
  const absl::Status written = Update(WithEnd(*record, seen));
  return written.ok() ? transaction->Commit() : written;
}

}  // namespace klpx
