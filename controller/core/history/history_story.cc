// SPDX-License-Identifier: GPL-2.0
// The story of one transition in plain words.
#include "controller/core/history/history_story.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/text.h"
#include "controller/core/base/timestamp.h"
#include "controller/core/history/blocker_groups.h"
#include "controller/core/history/history_course.h"

namespace klpx {
namespace {

// Width of a line, except for stack frames.
constexpr size_t kColumns = 98;
constexpr size_t kMostSpans = 3;
// A transition shorter than this is usually over before the first look.
constexpr uint64_t kShortMs = 1000;

std::string Line(absl::string_view text, absl::string_view indent = "  ") {
  return absl::StrCat(Wrap(text, kColumns, indent), "\n");
}

absl::string_view Side(bool patching) {
  return patching ? "into the patch" : "out of the patch";
}

// "+6.100 s": the time since the start.
std::string After(const TransitionRecord& record, int64_t ns) {
  const int64_t start = record.started_ns.value_or(record.begun_ns);
  return absl::StrFormat(
      "%+.3f s", (static_cast<double>(ns) - static_cast<double>(start)) / 1e9);
}

std::string Title(const TransitionRecord& record) {
  return absl::StrCat("Transition ", record.id, ": ",
                      record.patching ? "enabling " : "disabling ",
                      Printable(record.patch), ", ",
                      OutcomeWord(record.outcome), "\n");
}

std::string Beginning(const TransitionRecord& record) {
  const Initiator& who = record.initiator;
  std::string text = Line(absl::StrCat(
      "On ", TimestampText(record.begun), " ", InitiatorWords(who),
      who.verb.empty() ? ""
                       : absl::StrCat(" ran 'klp-controller ",
                                      Printable(who.verb), "', which"),
      " asked to ", record.patching ? "enable" : "disable", " the patch."));
  std::string on = absl::StrCat("Engine ", Printable(record.engine), ", Linux ",
                                Printable(record.kernel));
  if (!record.model.empty()) {
    absl::StrAppend(&on, ", model ", Printable(record.model));
  }
  if (record.tasks) {
    absl::StrAppend(&on, "; ", Count(*record.tasks, "task"), " to move");
  }
  absl::StrAppend(&text, Line(absl::StrCat(on, ".")));
  if (!record.replaces.empty()) {
    absl::StrAppend(&text,
                    Line(absl::StrCat(
                        "The patch replaces ",
                        Printable(absl::StrJoin(record.replaces, ", ")), ".")));
  }
  return text;
}

std::string Findings(const TransitionRecord& record) {
  if (record.findings.empty()) return "";
  std::string text = "\nKnown beforehand:\n";
  for (const FindingRecord& finding : record.findings) {
    absl::StrAppend(&text, Line(absl::StrCat("  ", Printable(finding.severity),
                                             ": ", Printable(finding.text)),
                                "    "));
  }
  return text;
}

// Each event with its time since the start.
std::string Course(const TransitionRecord& record) {
  const std::vector<CourseLine> lines = CourseOf(record);
  if (lines.empty()) return "";
  std::string text = "\nWhat happened:\n";
  for (const CourseLine& line : lines) {
    absl::StrAppend(
        &text, Line(absl::StrFormat("%13s  %s", After(record, line.time_ns),
                                    line.text),
                    std::string(15, ' ')));
  }
  return text;
}

// When nothing watched: what the story says about tasks does not cover those
// times.
std::string Unwatched(const TransitionRecord& record) {
  if (record.watched.empty()) {
    if (!record.blocked.empty()) {
      return absl::StrCat("\n",
                          Line("It is not on record whether it was watched all "
                               "the time: tasks are shown as they were seen.",
                               ""));
    }
    if (TookMs(record).value_or(0) < kShortMs) return "";
    return absl::StrCat("\n", Line("No look at it is on record, so it is not "
                                   "known which tasks blocked.",
                                   ""));
  }
  const std::vector<WatchSpan> spans = UnwatchedSpans(record);
  if (spans.empty()) return "";
  std::vector<std::string> times;
  for (const WatchSpan& span : spans) {
    if (times.size() == kMostSpans) break;
    const bool last = record.ended_ns == span.until_ns;
    times.push_back(last ? absl::StrCat("after ", After(record, span.from_ns))
                         : absl::StrCat("from ", After(record, span.from_ns),
                                        " to ", After(record, span.until_ns)));
  }
  if (spans.size() > kMostSpans) times.push_back("at other times");
  return absl::StrCat(
      "\n", Line(absl::StrCat("Nothing watched it ", absl::StrJoin(times, ", "),
                              ", so it is not known which tasks blocked then."),
                 ""));
}

// Why a task could not be switched, without the words that JSON has for it.
std::string ReasonPhrase(const BlockerRecord& task, bool alone) {
  const std::string function = task.function.empty()
                                   ? "a function that is being replaced"
                                   : Printable(task.function);
  const absl::string_view was = alone ? "was" : "were";
  if (task.reason == "running") return absl::StrCat(was, " running on a CPU");
  if (task.reason == "on-function") return absl::StrCat(was, " in ", function);
  if (task.reason == "unreliable-stack") {
    return "had a stack that could not be read reliably";
  }
  if (task.reason == "idle") return "was the idle task of a CPU";
  if (task.reason == "stopped-or-traced") {
    return absl::StrCat(was, " stopped or traced in ", function);
  }
  if (task.reason == "uninterruptible") {
    return absl::StrCat("slept in ", function, ", where signals do not wake ",
                        alone ? "it" : "them");
  }
  if (task.reason == "exiting") {
    return absl::StrCat(was, " exiting in ", function);
  }
  return "had not been checked yet";
}

// The command, the control group and the stack of a task.
std::string Details(const BlockerRecord& task) {
  std::string text;
  if (!task.cmdline.empty()) {
    absl::StrAppend(
        &text,
        Line(absl::StrCat("    command: ", Printable(task.cmdline)), "      "));
  }
  if (!task.cgroup.empty()) {
    absl::StrAppend(
        &text, Line(absl::StrCat("    control group: ", Printable(task.cgroup)),
                    "      "));
  }
  for (const std::string& frame : task.stack) {
    absl::StrAppend(&text, "      ", Printable(frame), "\n");
  }
  return text;
}

std::string TaskLines(const BlockerRecord& task, absl::string_view more) {
  return absl::StrCat(
      Line(
          absl::StrCat("  ", Printable(task.comm), "/", task.key.tid,
                       task.kthread ? " (kernel thread)"
                                    : absl::StrCat(" (process ", task.pid, ")"),
                       " ", ReasonPhrase(task, /*alone=*/true), more),
          "    "),
      Details(task));
}

std::string SignalWords(uint64_t least, uint64_t most, bool alone) {
  if (most == 0) return "";
  return absl::StrCat(alone ? ", and got " : "; each got ",
                      least == most
                          ? Count(most, "fake signal")
                          : absl::StrCat(least, " to ", most, " fake signals"));
}

// Threads of one process: what they share, and the stack of one of them.
std::string GroupLines(const TransitionRecord& record,
                       const BlockerGroup& group) {
  uint64_t least = UINT64_MAX;
  uint64_t most = 0;
  for (const BlockerRecord* task : group.tasks) {
    least = std::min<uint64_t>(least, task->signals);
    most = std::max<uint64_t>(most, task->signals);
  }
  const BlockerRecord& first = group.first();
  const uint64_t since_ns = group.SinceNs();
  std::string seen;
  if (group.alone()) {
    if (since_ns != 0) {
      seen = absl::StrCat(", seen for ", ShortDuration(BlockedMs(first)));
    }
    return TaskLines(
        first, absl::StrCat(seen, SignalWords(least, most, /*alone=*/true)));
  }
  if (since_ns != 0) {
    seen = absl::StrCat(", seen ",
                        After(record, static_cast<int64_t>(since_ns)), " .. ",
                        After(record, static_cast<int64_t>(group.SeenNs())));
  }
  return absl::StrCat(
      Line(absl::StrCat("  ", GroupName(group), " ",
                        ReasonPhrase(first, /*alone=*/false), seen,
                        SignalWords(least, most, /*alone=*/false)),
           "    "),
      first.stack.empty()
          ? ""
          : absl::StrCat("    one of them, ", first.key.tid, ":\n"),
      Details(first));
}

std::string Blockers(const TransitionRecord& record) {
  if (record.blocked.empty()) return "";
  std::string text = "\nWhat blocked it, and why:\n";
  for (const BlockerGroup& group : GroupBlockers(record.blocked)) {
    absl::StrAppend(&text, GroupLines(record, group));
  }
  if (record.blockers > record.blocked.size()) {
    absl::StrAppend(&text, "  and ", record.blockers - record.blocked.size(),
                    " more that are not on record\n");
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
                                 " in an unknown direction"));
  }
  return parts.empty() ? "0 tasks" : absl::StrJoin(parts, ", ");
}

std::string Forces(const TransitionRecord& record) {
  if (record.forced == 0 && record.forces.empty()) return "";
  std::string text = absl::StrCat(
      "\nForced without a check of what they were doing: ", ForceSums(record),
      "\n");
  for (const ForceRecord& force : record.forces) {
    const std::optional<bool> into =
        force.into ? force.into : DirectionAt(record, force.time_ns);
    absl::StrAppend(
        &text, TaskLines(force.task,
                         !force.done ? "; it was to be forced, but it is not "
                                       "known whether it was"
                         : into ? absl::StrCat(", and was forced ", Side(*into))
                                : std::string(", and was forced")));
  }
  absl::StrAppend(&text,
                  "  Such a task may keep running the code from before until "
                  "it leaves that\n"
                  "  by itself");
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
      return "It was requested, but the engine has not started it yet.\n";
    case Outcome::kRunning:
      return absl::StrCat("It is still running, with ",
                          Count(record.pending, "task"),
                          " left at the last look.\n");
    case Outcome::kCompleted:
      return absl::StrCat("It completed", after, ".\n");
    case Outcome::kReversed:
      return absl::StrCat(
          "It was reversed; all tasks were back on the old side", after, ".\n");
    case Outcome::kForced:
      return absl::StrCat("It completed", after, ", with ",
                          Count(record.forced, "task"), " forced.\n");
    case Outcome::kRemoved:
      return "How it ended was not seen: the engine has been unloaded since, "
             "which is\npossible only when no patch is in use.\n";
    case Outcome::kInterrupted:
      return record.started_ns
                 ? "The machine went down, or was rebooted, while it was "
                   "running.\n"
                 : "The machine went down, or was rebooted, after it was "
                   "requested; it is not known\nwhether the engine had started "
                   "it.\n";
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
  return absl::StrCat("In total: ", absl::StrJoin(parts, ", "), ".\n");
}

}  // namespace

std::string Story(const TransitionRecord& record) {
  return absl::StrCat(Title(record), "\n", Beginning(record), Findings(record),
                      Course(record), Blockers(record), Unwatched(record),
                      Forces(record), "\n", Ending(record), Sums(record));
}

}  // namespace klpx
