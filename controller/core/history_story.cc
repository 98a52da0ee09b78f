// SPDX-License-Identifier: GPL-2.0
// The story of one transition in plain words.
#include "controller/core/history_story.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "controller/core/attempt.h"
#include "controller/core/health.h"
#include "controller/core/moment.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

constexpr int64_t kNsPerMs = 1000000;

absl::string_view Side(bool patching) {
  return patching ? "into the patch" : "out of the patch";
}

std::string Title(const TransitionRecord& record) {
  return absl::StrCat("Transition ", record.id, ": ",
                      record.patching ? "enabling " : "disabling ",
                      Printable(record.patch), ", ",
                      OutcomeWord(record.outcome), "\n");
}

std::string Beginning(const TransitionRecord& record) {
  const Initiator& who = record.initiator;
  std::string text = absl::StrCat(
      "On ", MomentText(record.begun), " ", InitiatorWords(who),
      who.verb.empty() ? ""
                       : absl::StrCat(" ran 'klp-controller ",
                                      Printable(who.verb), "', which"),
      " asked for all tasks to be moved ", Side(record.patching), ".\n");
  absl::StrAppend(&text, "Engine ", Printable(record.engine), ", Linux ",
                  Printable(record.kernel));
  if (!record.model.empty()) {
    absl::StrAppend(&text, ", model ", Printable(record.model));
  }
  if (record.tasks) {
    absl::StrAppend(&text, "; ", Count(*record.tasks, "task"), " to move");
  }
  absl::StrAppend(&text, ".\n");
  if (!record.replaces.empty()) {
    absl::StrAppend(&text, "The patch replaces ",
                    Printable(absl::StrJoin(record.replaces, ", ")), ".\n");
  }
  return text;
}

std::string Findings(const TransitionRecord& record) {
  if (record.findings.empty()) return "";
  std::string text = "\nKnown before it began:\n";
  for (const FindingRecord& finding : record.findings) {
    absl::StrAppend(&text, "  ", Printable(finding.severity), ": ",
                    Printable(finding.text), "\n");
  }
  return text;
}

std::string EventWords(const HistoryEvent& event) {
  const std::string who = Printable(event.who);
  const std::string what = Printable(event.text);
  if (event.kind == "signal") {
    return absl::StrCat(who, " had a fake signal sent ", what);
  }
  if (event.kind == "reverse") return absl::StrCat(who, " turned it round");
  if (event.kind == "force") return absl::StrCat(who, " forced ", what);
  if (event.kind == "gave-up") {
    return absl::StrCat(who, " stopped waiting ", what);
  }
  if (event.kind == kForceAllowed) {
    return absl::StrCat(who, " let the policy's deadline force it");
  }
  if (event.kind == kGateOpened) {
    return absl::StrCat("the health gate counts from here: ", what);
  }
  if (event.kind == kGateFailing) {
    return absl::StrCat("the health gate failed: ", what);
  }
  if (event.kind == kGateFailed) return absl::StrCat(who, " ", what);
  if (event.kind == kGatePassed) {
    return absl::StrCat("the health gate was passed: ", what);
  }
  if (event.kind == kGateSkipped) {
    return absl::StrCat(who, " had no health gate: ", what);
  }
  if (event.kind == kGateExpired) {
    return absl::StrCat("the health gate was not watched to its end: ", what);
  }
  if (event.kind == kGuardEvent) return absl::StrCat("at boot: ", what);
  return absl::StrCat(Printable(event.kind), " ", what, " (", who, ")");
}

std::string EndWords(const TransitionRecord& record) {
  if (record.outcome == Outcome::kReversed) {
    return "the last task was back where it came from";
  }
  return "the last task had been moved";
}

// Time after the start, and what happened then.
std::string Course(const TransitionRecord& record) {
  const int64_t start = record.started_ns.value_or(record.begun_ns);
  const std::vector<CourseLine> lines = CourseOf(record);
  if (lines.empty()) return "";
  std::string text = "\nWhat happened:\n";
  for (const CourseLine& line : lines) {
    const double seconds =
        (static_cast<double>(line.time_ns) - static_cast<double>(start)) / 1e9;
    absl::StrAppendFormat(&text, "  %+9.3f s  %s\n", seconds, line.text);
  }
  return text;
}

// Why a task could not be moved, for somebody who does not know the words.
std::string ReasonPhrase(const BlockerRecord& task) {
  const std::string function = task.function.empty()
                                   ? "a function that is being replaced"
                                   : Printable(task.function);
  if (task.reason == "running") return "was running on a CPU";
  if (task.reason == "on-function") return absl::StrCat("was in ", function);
  if (task.reason == "unreliable-stack") {
    return "had a stack that could not be read with certainty";
  }
  if (task.reason == "idle") return "is the idle task of a CPU";
  if (task.reason == "stopped-or-traced") {
    return absl::StrCat("was stopped or traced in ", function);
  }
  if (task.reason == "uninterruptible") {
    return absl::StrCat("slept in ", function,
                        ", where signals do not wake it");
  }
  if (task.reason == "exiting") {
    return absl::StrCat("was in ", function, " on its way out");
  }
  return "had not been looked at yet";
}

std::string TaskLines(const BlockerRecord& task, absl::string_view more) {
  std::string text =
      absl::StrCat("  ", Printable(task.comm), "/", task.tid,
                   task.kthread ? " (kernel thread)"
                                : absl::StrCat(" (process ", task.pid, ")"),
                   " ", ReasonPhrase(task), more, "\n");
  if (!task.cmdline.empty()) {
    absl::StrAppend(&text, "    command: ", Printable(task.cmdline), "\n");
  }
  if (!task.cgroup.empty()) {
    absl::StrAppend(&text, "    control group: ", Printable(task.cgroup), "\n");
  }
  for (const std::string& frame : task.stack) {
    absl::StrAppend(&text, "      ", Printable(frame), "\n");
  }
  return text;
}

std::string Blockers(const TransitionRecord& record) {
  if (record.blocked.empty()) return "";
  std::string text = "\nWho was in the way, and why:\n";
  for (const BlockerRecord& task : record.blocked) {
    std::string more;
    if (task.since_ns != 0) {
      more = absl::StrCat(", for ", ShortDuration(BlockedMs(task)));
    }
    if (task.signals > 0) {
      absl::StrAppend(&more, ", and got ", Count(task.signals, "fake signal"));
    }
    absl::StrAppend(&text, TaskLines(task, more));
  }
  if (record.blockers > record.blocked.size()) {
    absl::StrAppend(&text, "  and ", record.blockers - record.blocked.size(),
                    " more that were not kept\n");
  }
  return text;
}

// "2 tasks into the patch, 1 task out of the patch".
std::string ForceSums(const TransitionRecord& record) {
  const ForceCounts forces = CountForces(record);
  std::vector<std::string> parts;
  if (forces.into > 0) {
    parts.push_back(absl::StrCat(Count(forces.into, "task"), " ", Side(true)));
  }
  if (forces.out > 0) {
    parts.push_back(absl::StrCat(Count(forces.out, "task"), " ", Side(false)));
  }
  if (forces.unknown > 0) {
    parts.push_back(absl::StrCat(Count(forces.unknown, "task"),
                                 ", it is not known which way"));
  }
  return parts.empty() ? "0 tasks" : absl::StrJoin(parts, ", ");
}

std::string Forces(const TransitionRecord& record) {
  if (record.forced == 0 && record.forces.empty()) return "";
  std::string text = absl::StrCat(
      "\nForced, without a look at what they did: ", ForceSums(record), "\n");
  for (const ForceRecord& force : record.forces) {
    const std::optional<bool> into =
        force.into ? force.into : DirectionAt(record, force.time_ns);
    absl::StrAppend(
        &text,
        TaskLines(force.task,
                  !force.done ? "; it was to be forced, and nobody has seen "
                                "whether it was"
                  : into      ? absl::StrCat(", and was forced ", Side(*into))
                              : std::string(", and was forced")));
  }
  absl::StrAppend(
      &text,
      "  Such a task may go on in the code that was taken from it until it\n"
      "  leaves that by itself");
  const ForceCounts forces = CountForces(record);
  const bool out_of_some =
      forces.out + forces.unknown > 0 || !record.replaces.empty();
  absl::StrAppend(&text, out_of_some
                             ? "; modules it was forced out of stay until the\n"
                               "  next reboot.\n"
                             : ".\n");
  return text;
}

std::string Ending(const TransitionRecord& record) {
  const auto took = TookMs(record);
  const std::string after =
      took ? absl::StrFormat(" after %d.%03d s", *took / 1000, *took % 1000)
           : "";
  switch (record.outcome) {
    case Outcome::kStarting:
      return "It has been asked for; the engine has not started it yet.\n";
    case Outcome::kRunning:
      return absl::StrCat("It still runs, with ", Count(record.pending, "task"),
                          " left when last ", "looked at.\n");
    case Outcome::kCompleted:
      return absl::StrCat("It completed", after, ".\n");
    case Outcome::kReversed:
      return absl::StrCat("It was reversed, and was back at its start", after,
                          ".\n");
    case Outcome::kForced:
      return absl::StrCat("It completed", after, ", with ",
                          Count(record.forced, "task"), " forced.\n");
    case Outcome::kRemoved:
      return "How it ended was not seen: the engine has been unloaded since, "
             "which it\nallows only when no patch is in use.\n";
    case Outcome::kInterrupted:
      return record.started_ns
                 ? "The machine went down, or was rebooted, while it ran.\n"
                 : "The machine went down, or was rebooted, when it was asked "
                   "for; whether the\nengine had started it is not known.\n";
    case Outcome::kUnknown:
      return "It is over; how it ended was not seen.\n";
  }
  return "";
}

std::string Sums(const TransitionRecord& record) {
  std::vector<std::string> parts;
  if (record.signals > 0) {
    parts.push_back(Count(record.signals, "fake signal"));
  }
  if (record.reversals > 0) {
    parts.push_back(Count(record.reversals, "reversal"));
  }
  if (parts.empty()) return "";
  return absl::StrCat("In all: ", absl::StrJoin(parts, ", "), ".\n");
}

}  // namespace

std::vector<CourseLine> CourseOf(const TransitionRecord& record) {
  std::vector<CourseLine> lines;
  if (record.started_ns) {
    lines.push_back({*record.started_ns, "the engine started it"});
  }
  for (const BlockerRecord& blocker : record.blocked) {
    if (blocker.since_ns == 0) continue;
    lines.push_back({static_cast<int64_t>(blocker.since_ns),
                     absl::StrCat(Printable(blocker.comm), "/", blocker.tid,
                                  " was first found in the way")});
  }
  for (const HistoryEvent& event : record.events) {
    lines.push_back({event.time_ns, EventWords(event)});
  }
  if (record.ended_ns) lines.push_back({*record.ended_ns, EndWords(record)});
  std::stable_sort(lines.begin(), lines.end(),
                   [](const CourseLine& a, const CourseLine& b) {
                     return a.time_ns < b.time_ns;
                   });
  return lines;
}

std::string Story(const TransitionRecord& record) {
  return absl::StrCat(Title(record), "\n", Beginning(record), Findings(record),
                      Course(record), Blockers(record), Forces(record), "\n",
                      Ending(record), Sums(record));
}

}  // namespace klpx
