// SPDX-License-Identifier: GPL-2.0
// Words, times and directions of recorded transitions.
#include "controller/core/history/history.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

constexpr std::pair<Outcome, absl::string_view> kOutcomes[] = {
    {Outcome::kStarting, "starting"},
    {Outcome::kRunning, "running"},
    {Outcome::kCompleted, "completed"},
    {Outcome::kReversed, "reversed"},
    {Outcome::kForced, "forced"},
    {Outcome::kRemoved, "module-removed"},
    {Outcome::kInterrupted, "interrupted"},
    {Outcome::kUnknown, "unknown"},
};

constexpr int64_t kNsPerMs = 1000000;

}  // namespace

absl::string_view OutcomeWord(Outcome outcome) {
  return kOutcomes[static_cast<int>(outcome)].second;
}

std::optional<Outcome> ParseOutcome(absl::string_view word) {
  for (const auto& [outcome, name] : kOutcomes) {
    if (name == word) return outcome;
  }
  return std::nullopt;
}

std::string InitiatorWords(const Initiator& initiator) {
  if (initiator.by == "outside") return "a process other than klp-controller";
  std::string words = initiator.user;
  if (words.empty()) {
    words = initiator.uid ? absl::StrCat("uid ", *initiator.uid)
                          : "an unknown user";
  }
  std::vector<std::string> as;
  if (initiator.by != "cli") as.push_back(absl::StrCat("the ", initiator.by));
  if (!initiator.sudo_user.empty()) {
    as.push_back(absl::StrCat("sudo from ", initiator.sudo_user));
  }
  if (initiator.login_uid && initiator.login_uid != initiator.uid) {
    as.push_back(absl::StrCat("logged in as uid ", *initiator.login_uid));
  }
  if (!as.empty()) absl::StrAppend(&words, " (", absl::StrJoin(as, ", "), ")");
  if (!initiator.tty.empty()) absl::StrAppend(&words, " on ", initiator.tty);
  return Printable(words);
}

uint64_t BlockedMs(const BlockerRecord& blocker) {
  if (blocker.since_ns == 0 || blocker.seen_ns < blocker.since_ns) return 0;
  return (blocker.seen_ns - blocker.since_ns) / kNsPerMs;
}

std::optional<bool> DirectionAt(const TransitionRecord& record,
                                int64_t time_ns) {
  if (record.reversals == 0) return record.patching;
  uint64_t known = 0;
  uint64_t before = 0;
  for (const HistoryEvent& event : record.events) {
    if (event.kind != "reverse" || event.who == kUnknownActor) continue;
    known++;
    if (event.time_ns <= time_ns) before++;
  }
  if (known != record.reversals) return std::nullopt;
  return record.patching == (before % 2 == 0);
}

ForceCounts CountForces(const TransitionRecord& record) {
  ForceCounts counts;
  const auto add = [&](std::optional<bool> into, uint64_t tasks) {
    (!into ? counts.unknown : *into ? counts.into : counts.out) += tasks;
  };
  uint64_t named = 0;
  for (const ForceRecord& force : record.forces) {
    if (!force.done || named == record.forced) continue;
    add(force.into ? force.into : DirectionAt(record, force.time_ns), 1);
    named++;
  }
  if (named == record.forced) return counts;
  // Tasks forced without a record of each: the direction is known only if all
  // of them went the same way.
  const uint64_t unnamed = record.forced - named;
  uint64_t ways[2] = {0, 0};
  bool known = true;
  for (const HistoryEvent& event : record.events) {
    if (event.kind != "force") continue;
    const auto way = DirectionAt(record, event.time_ns);
    known = known && way.has_value() && event.who != kUnknownActor;
    ways[way.value_or(false) ? 1 : 0]++;
  }
  if (record.reversals == 0) {
    add(record.patching, unnamed);
  } else if (known && (ways[0] == 0) != (ways[1] == 0)) {
    add(ways[1] > 0, unnamed);
  } else {
    add(std::nullopt, unnamed);
  }
  return counts;
}

std::optional<uint64_t> TookMs(const TransitionRecord& record) {
  if (!record.started_ns || !record.ended_ns ||
      *record.ended_ns < *record.started_ns) {
    return std::nullopt;
  }
  // Unsigned, so that values from a damaged file cannot overflow.
  return (static_cast<uint64_t>(*record.ended_ns) -
          static_cast<uint64_t>(*record.started_ns)) /
         kNsPerMs;
}

absl::Time WallTime(const TransitionRecord& record, int64_t monotonic_ns) {
  return record.begun + absl::Nanoseconds(monotonic_ns) -
         absl::Nanoseconds(record.begun_ns);
}

int64_t SaneNs(int64_t ns) { return std::clamp(ns, INT64_C(0), INT64_MAX / 4); }

bool WasWatched(const TransitionRecord& record, int64_t monotonic_ns) {
  const int64_t moment = SaneNs(monotonic_ns);
  for (const WatchSpan& span : record.watched) {
    if (SaneNs(span.from_ns) - kWatchGapNs / 2 <= moment &&
        moment - kWatchGapNs / 2 <= SaneNs(span.until_ns)) {
      return true;
    }
  }
  return false;
}

}  // namespace klpx
