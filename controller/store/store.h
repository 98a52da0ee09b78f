// SPDX-License-Identifier: GPL-2.0
// The history of transitions in a SQLite file: what docs/HISTORY.md says. Every
// call is one transaction that is on the disk when it returns, so a process may
// die, and the power fail, between any two instructions. Any number of
// processes may have it open; in one of them, a store is for one thread.
#ifndef KLPX_CONTROLLER_STORE_STORE_H_
#define KLPX_CONTROLLER_STORE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "controller/core/history/history.h"
#include "controller/core/history/history_retention.h"
#include "controller/core/history/history_settle.h"
#include "controller/store/database.h"

namespace klpx {

inline constexpr char kHistoryFile[] = "/var/lib/klpx/history.db";

class HistoryStore {
 public:
  // Does the process still run, and is it the one that started then?
  using IsAlive = absl::FunctionRef<bool(uint32_t pid, uint64_t pid_start)>;

  // kReadWrite makes the file, and its directory, if they are not there.
  // kReadOnly fails with absl's kNotFound then.
  static absl::StatusOr<HistoryStore> Open(const std::string& path,
                                           Access access,
                                           const HistoryLimits& limits = {});

  // Announces a transition, before the engine is asked for it; makes room.
  absl::StatusOr<int64_t> Begin(const TransitionRecord& record);

  // Brings all that is open up to date, and adds what nobody has announced. Who
  // started, saw or killed what does not matter: the same facts make the same
  // history.
  absl::Status Settle(const EngineFacts& facts, IsAlive is_alive);

  // The engine has refused: forgets an announcement that nothing came of.
  absl::Status Abandon(int64_t id);

  // The newest transition of a patch in a boot that the engine has started, or
  // was found at; 0 if there is none.
  absl::StatusOr<int64_t> Newest(const std::string& boot_id,
                                 const std::string& patch);

  // Who blocks now, with how many are left to switch, how many different ones
  // there have been, and since when it is looked at. A task that is there
  // already is brought up to date.
  absl::Status SawBlockers(int64_t id, absl::Span<const BlockerRecord> blockers,
                           uint64_t pending, uint64_t total,
                           const WatchSpan& watched = {});

  absl::Status AddEvent(int64_t id, const HistoryEvent& event);
  // Unless one of its kind is there already.
  absl::Status AddEventOnce(int64_t id, const HistoryEvent& event);
  absl::Status AddFindings(int64_t id,
                           absl::Span<const FindingRecord> findings);

  // Before tasks are forced, with done = false; after it, with true; or, if
  // the engine has refused, removed. Where the engine does not count them, they
  // are counted here.
  absl::Status AddForces(int64_t id, absl::Span<const ForceRecord> forces);
  absl::Status RemoveForces(int64_t id, int64_t time_ns);

  // Of a transition of the kernel's own livepatch that was followed to its end.
  absl::Status SawEnd(int64_t id, const RecentTransition& seen);

  // The newest first.
  absl::StatusOr<std::vector<TransitionRecord>> Query(
      const HistoryFilter& filter);
  // One, with all that belongs to it. kNotFound.
  absl::StatusOr<TransitionRecord> Find(int64_t id);

  // "": sound. Otherwise the first thing that is wrong.
  absl::StatusOr<std::string> CheckIntegrity();

 private:
  HistoryStore(Database database, const HistoryLimits& limits)
      : database_(std::move(database)), limits_(limits) {}

  absl::StatusOr<int64_t> Insert(const TransitionRecord& record);
  absl::Status Update(const TransitionRecord& record);
  absl::Status MakeRoom(const std::string& boot_id);
  absl::Status SettleOpen(const EngineFacts& facts, IsAlive is_alive);
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
