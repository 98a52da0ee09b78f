// SPDX-License-Identifier: GPL-2.0
// The history of transitions in a SQLite file, as docs/HISTORY.md describes it.
// Every call is one transaction that is on the disk when it returns, so the
// process may be killed, and the power may fail, between any two instructions.
// Any number of processes may open the file; a store is for one thread.
#ifndef KLPX_CONTROLLER_STORE_STORE_H_
#define KLPX_CONTROLLER_STORE_STORE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "controller/core/history/history.h"
#include "controller/core/history/history_reconcile.h"
#include "controller/core/history/history_retention.h"
#include "controller/store/database.h"

namespace klpx {

inline constexpr char kHistoryFile[] = "/var/lib/klpx/history.db";

class HistoryStore {
 public:
  // Is the process with this pid and this start time still running?
  using IsAlive = absl::FunctionRef<bool(uint32_t pid, uint64_t pid_start)>;

  // kReadWrite creates the file and its directory if they do not exist.
  // kReadOnly fails with absl's kNotFound then.
  static absl::StatusOr<HistoryStore> Open(const std::string& path,
                                           Access access,
                                           const HistoryLimits& limits = {});

  // Announces a transition, before the engine is asked for it; makes room.
  absl::StatusOr<int64_t> Begin(const TransitionRecord& record);

  // Brings all open transitions up to date, and adds those that no process has
  // announced. The same facts always make the same history, whichever process
  // calls this.
  absl::Status Reconcile(const EngineFacts& facts, IsAlive is_alive);

  // Removes an announcement that led to no transition: the engine has refused.
  absl::Status Abandon(int64_t id);

  // The newest transition of a patch in a boot that the engine has started, or
  // that was found running; 0 if there is none.
  absl::StatusOr<int64_t> Newest(const std::string& boot_id,
                                 const std::string& patch);

  // Records the tasks that block now, the number of tasks left to switch, the
  // number of different blockers so far, and the span that was watched. A task
  // that is on record already is updated.
  absl::Status SawBlockers(int64_t id, absl::Span<const BlockerRecord> blockers,
                           uint64_t pending, uint64_t total,
                           const WatchSpan& watched = {});

  absl::Status AddEvent(int64_t id, const HistoryEvent& event);
  // Adds the event unless there is one of its kind already.
  absl::Status AddEventOnce(int64_t id, const HistoryEvent& event);
  absl::Status AddFindings(int64_t id,
                           absl::Span<const FindingRecord> findings);

  // Call AddForces() with done = false before tasks are forced, and with true
  // afterwards, or RemoveForces() if the engine has refused. If the engine does
  // not count forced tasks, they are counted here.
  absl::Status AddForces(int64_t id, absl::Span<const ForceRecord> forces);
  absl::Status RemoveForces(int64_t id, int64_t time_ns);

  // Records the end of a transition of the kernel's own livepatch that this
  // process has followed.
  absl::Status SawEnd(int64_t id, const RecentTransition& seen);

  // The matching transitions, the newest first.
  absl::StatusOr<std::vector<TransitionRecord>> Query(
      const HistoryFilter& filter);
  // One transition with everything that belongs to it; kNotFound if there is
  // none.
  absl::StatusOr<TransitionRecord> Find(int64_t id);

  // "" if the file is sound, otherwise the first thing that is wrong.
  absl::StatusOr<std::string> CheckIntegrity();

 private:
  HistoryStore(Database database, const HistoryLimits& limits)
      : database_(std::move(database)), limits_(limits) {}

  absl::StatusOr<int64_t> Insert(const TransitionRecord& record);
  absl::Status Update(const TransitionRecord& record);
  absl::Status MakeRoom(const std::string& boot_id);
  absl::Status ReconcileOpen(const EngineFacts& facts, IsAlive is_alive);
  absl::Status AdoptOthers(const EngineFacts& facts);
  absl::Status AdoptLivepatches(const EngineFacts& facts);
  absl::Status FillInEvents(const EngineFacts& facts);
  absl::StatusOr<std::vector<int64_t>> Claimed(const std::string& boot_id);
  absl::Status AddTask(int64_t id, const BlockerRecord& task,
                       const ForceRecord* force);
  absl::Status AddWatch(int64_t id, const WatchSpan& span);
  absl::Status LoadParts(TransitionRecord& record);
  absl::Status LoadWatches(TransitionRecord& record);
  std::string Cut(absl::string_view text) const;

  Database database_;
  HistoryLimits limits_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_STORE_STORE_H_
