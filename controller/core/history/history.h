// SPDX-License-Identifier: GPL-2.0
// The record of a transition, from before it is requested to how it ended.
// Plain data: store/ keeps it, the story and the reports show it. Unknown is
// nullopt or empty, never 0.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/task_key.h"

namespace klpx {

// The order is that of the words in history.cc; words are stored, not numbers.
enum class Outcome {
  kStarting,     // requested; the engine has not been seen to start it
  kRunning,      // not over at the last look
  kCompleted,    // every task is on the target side
  kReversed,     // every task is back on the old side
  kForced,       // completed, and at least one task was not checked
  kRemoved,      // the engine was unloaded since, so its patch is disabled
  kInterrupted,  // the machine went down
  kUnknown,      // over, but how it ended was not seen
};

absl::string_view OutcomeWord(Outcome outcome);
std::optional<Outcome> ParseOutcome(absl::string_view word);

// The origin of a request.
struct Initiator {
  // "cli", "boot", "daemon"; "outside": not requested through klp-controller.
  std::string by;
  std::string verb;
  std::optional<uint32_t> uid;
  std::string user;
  // The user that logged in, even if the uid has changed since: loginuid.
  std::optional<uint32_t> login_uid;
  std::string sudo_user;
  std::string tty;
  // The process and its start in clock ticks since boot, to see if it still
  // lives.
  uint32_t pid = 0;
  uint64_t pid_start = 0;
};

// "root (sudo, alice) on pts/0".
std::string InitiatorWords(const Initiator& initiator);

// A task that held up the transition.
struct BlockerRecord {
  klpx_task_key key = {0, -1, 0};
  uint32_t pid = 0;
  std::string comm;
  std::string cmdline;
  std::string cgroup;
  bool kthread = false;
  std::string reason;     // at the last look: "on-function", ...
  std::string function;   // the one that blocked; "" if none did
  uint64_t since_ns = 0;  // CLOCK_MONOTONIC; 0: not seen blocking
  uint64_t seen_ns = 0;   // the last look
  uint32_t signals = 0;
  // When its first fake signal was seen; 0: none, or the time is not known.
  uint64_t signalled_ns = 0;
  std::vector<std::string> stack;  // innermost first
};

uint64_t BlockedMs(const BlockerRecord& blocker);

// A task that was switched unchecked; done: the engine has confirmed it.
struct ForceRecord {
  BlockerRecord task;
  bool done = false;
  int64_t time_ns = 0;
  // Whether it was switched into the patch or out of it. Recorded at that time,
  // because the transition may be reversed afterwards.
  std::optional<bool> into = std::nullopt;
};

// Stands for a name in an event that was added afterwards, whose time therefore
// is not known. It is stored, so it cannot change.
inline constexpr char kUnknownActor[] = "somebody who is not on record";

// Something that happened during a transition.
struct HistoryEvent {
  int64_t time_ns = 0;  // CLOCK_MONOTONIC
  std::string kind;     // "signal", "force", "reverse", "gave-up", ...
  std::string text;     // "to task 12", "after 1s"
  std::string who;
};

// The kind of event that allows a deadline to force its transition.
inline constexpr char kForceAllowed[] = "allow-force";

// Events of the history that show the state of a health check. They are written
// in this order; one of the last four ends the check. The first holds the
// kernel's counters of its own trouble (kernel_evidence.h) from before the
// enable.
inline constexpr char kGateOpened[] = "gate-opened";
inline constexpr char kGateFailing[] = "gate-failing";  // and why
inline constexpr char kGateFailed[] = "gate-failed";  // the reversal has begun
inline constexpr char kGatePassed[] = "gate-passed";
inline constexpr char kGateSkipped[] = "gate-skipped";
inline constexpr char kGateExpired[] = "gate-expired";  // nothing watched

// Says which policy the engine asked during a transition.
inline constexpr char kPolicyEvent[] = "policy";

// Says that a later boot did not load the patch, and why. Belongs to the newest
// transition of the boot in which the machine went down.
inline constexpr char kGuardEvent[] = "guard";

// A span in which some process watched the transition.
struct WatchSpan {
  int64_t from_ns = 0;  // CLOCK_MONOTONIC
  int64_t until_ns = 0;
};

// A finding of preflight. Severity is "fatal", "warning" or "note".
struct FindingRecord {
  std::string code;
  std::string severity;
  std::string subject;
  std::string text;
};

struct TransitionRecord {
  int64_t id = 0;
  std::string boot_id;
  std::string kernel;
  std::string engine = "klpx";  // or "kernel"
  std::string patch;
  // CLOCK_MONOTONIC, from the engine; with boot_id and patch the natural key.
  std::optional<int64_t> started_ns;
  bool patching = true;  // as requested; a reversal does not change it
  std::string model;
  std::vector<std::string> replaces;
  Initiator initiator;
  absl::Time begun;      // before the request
  int64_t begun_ns = 0;  // the same, CLOCK_MONOTONIC
  Outcome outcome = Outcome::kStarting;
  std::optional<int64_t> ended_ns;
  std::optional<uint64_t> tasks;
  uint64_t pending = 0;
  uint64_t reversals = 0;
  uint64_t signals = 0;
  uint64_t forced = 0;    // tasks, counted by the engine
  uint64_t blockers = 0;  // all seen ones; not all are kept
  // Filled in only if the record was requested with its details.
  std::vector<BlockerRecord> blocked;
  std::vector<HistoryEvent> events;
  std::vector<ForceRecord> forces;
  std::vector<FindingRecord> findings;
  std::vector<WatchSpan> watched;  // in the order of time
};

// How many tasks were forced in each direction.
struct ForceCounts {
  uint64_t into = 0;
  uint64_t out = 0;
  uint64_t unknown = 0;
};

// `record` needs its details. Uses the direction recorded at each force, and
// for the rest the course of the transition, if that is known.
ForceCounts CountForces(const TransitionRecord& record);

// True if tasks were moved into the patch at that moment, judged by the
// reversals before it. Nothing if not all of them are on record.
std::optional<bool> DirectionAt(const TransitionRecord& record,
                                int64_t time_ns);

// The longest time between two looks while a transition is watched.
inline constexpr int64_t kWatchGapNs = 3'000'000'000;

// Clamps a time from a possibly damaged file, so that arithmetic cannot
// overflow.
int64_t SaneNs(int64_t ns);

// Was it watched around this moment (within half a gap, as looks are apart)? If
// not, the absence of tasks on record says nothing.
bool WasWatched(const TransitionRecord& record, int64_t monotonic_ns);

std::optional<uint64_t> TookMs(const TransitionRecord& record);

// Wall clock time of a moment of CLOCK_MONOTONIC in the record's boot.
absl::Time WallTime(const TransitionRecord& record, int64_t monotonic_ns);

// Selects transitions.
struct HistoryFilter {
  std::string boot_id;
  std::string patch;
  std::optional<absl::Time> since;
  std::optional<absl::Time> until;
  std::optional<Outcome> outcome;
  bool forced = false;
  uint64_t limit = 0;  // only the newest; 0: all
  bool whole = false;  // with blockers, events, forces, findings
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_H_
