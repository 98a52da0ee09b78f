// SPDX-License-Identifier: GPL-2.0
// What happened during a transition, in the order of time.
#include "controller/core/history/history_course.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"
#include "controller/core/history/blocker_groups.h"

namespace klpx {
namespace {

// Signals that were seen within this time of each other count as one round.
constexpr uint64_t kRoundNs = 2'000'000'000;
// If a signal moves a task, the task is gone within this time.
constexpr uint64_t kMovedNs = 1'000'000'000;
// The longest time from an order to the look that sees its signals.
constexpr int64_t kOrderNs = 2'500'000'000;
constexpr size_t kMostNamed = 3;

using Tasks = std::vector<const BlockerRecord*>;

std::string EventWords(const HistoryEvent& event) {
  const std::string who = Printable(event.who);
  const std::string what = Printable(event.text);
  if (event.kind == "signal") {
    return absl::StrCat(who, " sent a fake signal ", what);
  }
  if (event.kind == "reverse") return absl::StrCat(who, " reversed it");
  if (event.kind == "force") return absl::StrCat(who, " forced ", what);
  if (event.kind == "gave-up") {
    return absl::StrCat(who, " stopped waiting ", what);
  }
  if (event.kind == kForceAllowed) {
    return absl::StrCat(who, " allowed the policy's deadline to force it");
  }
  if (event.kind == kGateOpened) {
    return absl::StrCat("the health check starts here: ", what);
  }
  if (event.kind == kGateFailing) {
    return absl::StrCat("the health check failed: ", what);
  }
  if (event.kind == kGateFailed) return absl::StrCat(who, " ", what);
  if (event.kind == kGatePassed) {
    return absl::StrCat("the health check passed: ", what);
  }
  if (event.kind == kGateSkipped) {
    return absl::StrCat(who, " skipped the health check: ", what);
  }
  if (event.kind == kGateExpired) {
    return absl::StrCat("the health check was not watched to its end: ", what);
  }
  if (event.kind == kPolicyEvent) {
    return absl::StrCat("the engine follows the policy ", what);
  }
  if (event.kind == kGuardEvent) return absl::StrCat("at boot: ", what);
  return absl::StrCat(Printable(event.kind), " ", what, " (", who, ")");
}

std::string EndWords(const TransitionRecord& record) {
  if (record.outcome == Outcome::kReversed) {
    return "all tasks were back on the old side";
  }
  return "the last task moved";
}

// "41 threads of sleepers/329 were found in __do_sys_pause".
std::string FoundWords(const BlockerGroup& group) {
  if (group.alone()) {
    return absl::StrCat(GroupName(group), " was first found blocking");
  }
  const BlockerRecord& first = group.first();
  return absl::StrCat(GroupName(group), " were found ",
                      first.function.empty()
                          ? absl::StrCat("blocking (", first.reason, ")")
                          : absl::StrCat("in ", Printable(first.function)));
}

// Did the user order these signals by a verb?
bool WasOrdered(const TransitionRecord& record, uint64_t signalled_ns) {
  const int64_t seen_ns = SaneNs(static_cast<int64_t>(signalled_ns));
  return std::any_of(record.events.begin(), record.events.end(),
                     [&](const HistoryEvent& event) {
                       return event.kind == "signal" &&
                              event.time_ns <= seen_ns + kOrderNs &&
                              seen_ns - kOrderNs <= event.time_ns;
                     });
}

// Which tasks of a round moved, and which were left once the last of them had.
CourseLine MovedLine(const TransitionRecord& record, const Tasks& round,
                     const Tasks& moved) {
  uint64_t last_ns = 0;
  for (const BlockerRecord* task : moved) {
    last_ns = std::max(last_ns, task->seen_ns);
  }
  Tasks left;
  for (const BlockerRecord& task : record.blocked) {
    if (task.since_ns != 0 && task.since_ns <= last_ns &&
        task.seen_ns > last_ns) {
      left.push_back(&task);
    }
  }
  std::string text = moved.size() == round.size()
                         ? round.size() == 1 ? "it moved" : "all of them moved"
                         : absl::StrCat(moved.size(), " of them moved");
  if (!left.empty()) {
    absl::StrAppend(&text, "; left: ", TaskNames(left, kMostNamed));
  }
  return {static_cast<int64_t>(last_ns), std::move(text)};
}

// Did a later look, or the end of the transition, show that the task was gone?
// If nothing looked, it may have stayed.
bool WasGoneAfter(const TransitionRecord& record, const BlockerRecord& task) {
  const int64_t seen_ns = SaneNs(static_cast<int64_t>(task.seen_ns));
  if (record.ended_ns.value_or(INT64_MAX) <= seen_ns + kWatchGapNs) return true;
  return std::any_of(
      record.watched.begin(), record.watched.end(), [&](const WatchSpan& span) {
        return span.from_ns <= seen_ns && seen_ns < span.until_ns;
      });
}

void AddRound(const TransitionRecord& record, const Tasks& round,
              std::vector<CourseLine>& lines) {
  const uint64_t sent_ns = round.front()->signalled_ns;
  const std::string tasks =
      round.size() == 1 ? TaskNames(round, 1) : Count(round.size(), "task");
  lines.push_back(
      {static_cast<int64_t>(sent_ns),
       WasOrdered(record, sent_ns)
           ? absl::StrCat("the fake signal reached ", tasks)
           : absl::StrCat("the engine sent a fake signal to ", tasks)});
  Tasks moved;
  for (const BlockerRecord* task : round) {
    if (WasGoneAfter(record, *task) &&
        task->seen_ns < task->signalled_ns + kMovedNs) {
      moved.push_back(task);
    }
  }
  if (!moved.empty()) lines.push_back(MovedLine(record, round, moved));
}

// Fake signals from any sender, as far as they were seen.
void AddSignals(const TransitionRecord& record,
                std::vector<CourseLine>& lines) {
  Tasks signalled;
  for (const BlockerRecord& task : record.blocked) {
    if (task.signalled_ns != 0) signalled.push_back(&task);
  }
  std::stable_sort(signalled.begin(), signalled.end(),
                   [](const BlockerRecord* a, const BlockerRecord* b) {
                     return a->signalled_ns < b->signalled_ns;
                   });
  Tasks round;
  for (const BlockerRecord* task : signalled) {
    if (!round.empty() &&
        task->signalled_ns - round.front()->signalled_ns > kRoundNs) {
      AddRound(record, round, lines);
      round.clear();
    }
    round.push_back(task);
  }
  if (!round.empty()) AddRound(record, round, lines);
}

}  // namespace

std::vector<CourseLine> CourseOf(const TransitionRecord& record) {
  std::vector<CourseLine> lines;
  if (record.started_ns) {
    lines.push_back({*record.started_ns, "the engine started it"});
  }
  for (const BlockerGroup& group : GroupBlockers(record.blocked)) {
    const uint64_t since_ns = group.SinceNs();
    if (since_ns == 0) continue;
    lines.push_back({static_cast<int64_t>(since_ns), FoundWords(group)});
  }
  for (const HistoryEvent& event : record.events) {
    lines.push_back({event.time_ns, EventWords(event)});
  }
  AddSignals(record, lines);
  if (record.ended_ns) lines.push_back({*record.ended_ns, EndWords(record)});
  std::stable_sort(lines.begin(), lines.end(),
                   [](const CourseLine& a, const CourseLine& b) {
                     return a.time_ns < b.time_ns;
                   });
  return lines;
}

std::vector<WatchSpan> UnwatchedSpans(const TransitionRecord& record) {
  std::vector<WatchSpan> spans;
  if (record.watched.empty() || !record.started_ns) return spans;
  int64_t seen = SaneNs(*record.started_ns);
  for (const WatchSpan& span : record.watched) {
    const int64_t from = SaneNs(span.from_ns);
    if (from - seen > kWatchGapNs) spans.push_back({seen, from});
    seen = std::max(seen, SaneNs(span.until_ns));
  }
  const int64_t end = SaneNs(record.ended_ns.value_or(seen));
  if (end - seen > kWatchGapNs) spans.push_back({seen, end});
  return spans;
}

}  // namespace klpx
