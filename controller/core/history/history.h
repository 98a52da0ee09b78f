// SPDX-License-Identifier: GPL-2.0
// What is remembered of a transition, from before the engine is asked for it to
// how it ended. Plain data: history/ keeps it, the story and the reports tell
// it. Unknown is nullopt or "", never 0.
#ifndef KLPX_CONTROLLER_CORE_HISTORY_HISTORY_H_
#define KLPX_CONTROLLER_CORE_HISTORY_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace klpx {

// The order is that of the words in history.cc; words are stored, not numbers.
enum class Outcome {
  kStarting,     // asked for; the engine has not been seen to start it
  kRunning,      // not over when it was last looked at
  kCompleted,    // every task is where it was to go
  kReversed,     // every task is back where it came from
  kForced,       // completed, and at least one task was not checked
  kRemoved,      // the engine was unloaded since, so its patch is out
  kInterrupted,  // the machine went down
  kUnknown,      // over, and nobody has seen how
};

absl::string_view OutcomeWord(Outcome outcome);
std::optional<Outcome> ParseOutcome(absl::string_view word);

// Who asked for something.
struct Initiator {
  // "cli", "boot", "daemon"; "outside": not through this controller.
  std::string by;
  std::string verb;
  std::optional<uint32_t> uid;
  std::string user;
  // Who logged in, whatever he has become since: the kernel's loginuid.
  std::optional<uint32_t> login_uid;
  std::string sudo_user;
  std::string tty;
  // The process, and its start in clock ticks since boot: is it alive still?
  uint32_t pid = 0;
  uint64_t pid_start = 0;
};

// "root (sudo, alice) on pts/0".
std::string InitiatorWords(const Initiator& initiator);

// A task that held the transition up.
struct BlockerRecord {
  uint32_t tid = 0;
  int32_t idle_cpu = -1;
  uint64_t start_ns = 0;
  uint32_t pid = 0;
  std::string comm;
  std::string cmdline;
  std::string cgroup;
  bool kthread = false;
  std::string reason;     // of the last look: "on-function", ...
  std::string function;   // in the way; "" if none is
  uint64_t since_ns = 0;  // CLOCK_MONOTONIC; 0: not seen to block
  uint64_t seen_ns = 0;   // the last look
  uint32_t signals = 0;
  // When its first fake signal was seen; 0: none was, or not when.
  uint64_t signalled_ns = 0;
  std::vector<std::string> stack;  // innermost first
};

uint64_t BlockedMs(const BlockerRecord& blocker);

// A task that was switched unchecked; done: the engine has said so.
struct ForceRecord {
  BlockerRecord task;
  bool done = false;
  int64_t time_ns = 0;
  // Where it was switched to: into the patch, or out of it. Written down then,
  // for the transition may be turned round afterwards.
  std::optional<bool> into = std::nullopt;
};

// In the place of a name: an event that was filled in afterwards, so that its
// time is not known.
inline constexpr char kNobodyKnown[] = "somebody who is not on record";

// Something that happened in its course, in the order of time.
struct HistoryEvent {
  int64_t time_ns = 0;  // CLOCK_MONOTONIC
  std::string kind;     // "signal", "force", "reverse", "gave-up", ...
  std::string text;     // "to task 12", "after 1s"
  std::string who;
};

// The kind of event that lets a deadline force the transition it belongs to.
inline constexpr char kForceAllowed[] = "allow-force";

// Events of the history that tell how far a gate is. Written in this order;
// one of the last four ends it. The first says what the kernel had counted of
// its own trouble (kernel_evidence.h) when the patch was about to go in.
inline constexpr char kGateOpened[] = "gate-opened";
inline constexpr char kGateFailing[] = "gate-failing";  // and why
inline constexpr char kGateFailed[] = "gate-failed";  // the reversal has begun
inline constexpr char kGatePassed[] = "gate-passed";
inline constexpr char kGateSkipped[] = "gate-skipped";
inline constexpr char kGateExpired[] = "gate-expired";  // nobody watched

// In the course of a transition: which policy the engine asked.
inline constexpr char kPolicyEvent[] = "policy";

// A transition that was cut off, at boot, by the machine going down.
inline constexpr char kGuardEvent[] = "guard";

// A time in which some process has looked at the transition again and again.
struct WatchSpan {
  int64_t from_ns = 0;  // CLOCK_MONOTONIC
  int64_t until_ns = 0;
};

// Of a preflight. Severity is "fatal", "warning" or "note".
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
  // CLOCK_MONOTONIC, of the engine; with boot_id and patch the natural key.
  std::optional<int64_t> started_ns;
  bool patching = true;  // what was asked for; a reversal does not change it
  std::string model;
  std::vector<std::string> replaces;
  Initiator initiator;
  absl::Time begun;      // before the engine was asked
  int64_t begun_ns = 0;  // the same, CLOCK_MONOTONIC
  Outcome outcome = Outcome::kStarting;
  std::optional<int64_t> ended_ns;
  std::optional<uint64_t> tasks;
  uint64_t pending = 0;
  uint64_t reversals = 0;
  uint64_t signals = 0;
  uint64_t forced = 0;    // tasks, as the engine counted
  uint64_t blockers = 0;  // all that were seen; not all are kept
  // Filled in when one record is asked for with all that belongs to it.
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

// Of a record with all that belongs to it, by what was written down at each
// force; for the rest by what the transition did before, if that is known.
ForceCounts CountForces(const TransitionRecord& record);

// Where the transition went at that moment, by its reversals. Nothing if not
// all of them are on record.
std::optional<bool> DirectionAt(const TransitionRecord& record,
                                int64_t time_ns);

// Between two looks no more than this goes by while a transition is watched.
inline constexpr int64_t kWatchGapNs = 3'000'000'000;

// What a damaged file holds for a time, so that it can be reckoned with.
int64_t SaneNs(int64_t ns);

// Was it looked at around this moment (half a gap, for looks are some time
// apart)? Where it was not, that no task is on record says nothing.
bool WasWatched(const TransitionRecord& record, int64_t monotonic_ns);

std::optional<uint64_t> TookMs(const TransitionRecord& record);

// Wall clock time of a moment of CLOCK_MONOTONIC in the record's boot.
absl::Time WallTime(const TransitionRecord& record, int64_t monotonic_ns);

// Which transitions are asked for.
struct HistoryFilter {
  std::string boot_id;
  std::string patch;
  std::optional<absl::Time> since;
  std::optional<absl::Time> until;
  std::optional<Outcome> outcome;
  bool forced = false;
  uint64_t limit = 0;  // the newest; 0: all
  bool whole = false;  // with blockers, events, forces, findings
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_HISTORY_HISTORY_H_
