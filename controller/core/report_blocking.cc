// SPDX-License-Identifier: GPL-2.0
// The report of 'blocking': a page to paste into a ticket. Who holds up the
// transition, since when, why, and what would get each of them moving.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/advice.h"
#include "controller/core/progress.h"
#include "controller/core/report.h"
#include "controller/core/report_json.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

constexpr absl::string_view kTrampoline = "bpf_trampoline_";
constexpr absl::string_view kTrampolineAdvice =
    "[bpf]: was called by the trampoline of a BPF program (fexit, LSM), and\n"
    "  this kernel reads no stack past that: the task switches when it has\n"
    "  returned; detaching the program ('bpftool link') helps the next one\n";

// The function that a BPF trampoline has called and the task has not returned
// from, in the version that it runs; "" if there is none.
std::string UnderTrampoline(const Blocker& blocker) {
  if (blocker.info.reason != KLPX_UNRELIABLE_STACK) return "";
  std::string callee;
  for (const std::string& frame : blocker.stack) {
    if (absl::StartsWith(frame, kTrampoline)) return callee;
    callee = frame.substr(0, frame.find('+'));
  }
  return "";
}

std::string FunctionInTheWay(const Blocker& blocker) {
  const std::string callee = UnderTrampoline(blocker);
  return callee.empty() ? blocker.info.function
                        : absl::StrCat(callee, " [bpf]");
}

std::string Header(const BlockingReport& report) {
  const std::string time = absl::FormatTime(
      "%Y-%m-%d %H:%M:%S UTC", report.host.time, absl::UTCTimeZone());
  std::string progress = ProgressLine(ProgressOf(*report.patch, {}));
  for (const PatchState& other : report.others) {
    absl::StrAppend(&progress, "\n", ProgressLine(ProgressOf(other, {})));
  }
  return absl::StrCat(progress, "\n", report.host.name, ", Linux ",
                      report.host.kernel, ", ", time, "\n");
}

std::string TasksTable(const BlockingReport& report) {
  bool signals = false;
  for (const Blocker& blocker : report.blockers) {
    signals = signals || blocker.info.signals > 0;
  }
  std::vector<std::string> header = {"TID",    "PID",      "COMM", "STATE",
                                     "REASON", "FUNCTION", "AGE",  "CPU"};
  if (signals) header.push_back("SIGNALS");
  if (!report.others.empty()) header.push_back("PATCH");
  header.push_back("CGROUP");
  Table table(header);
  for (const Blocker& blocker : report.blockers) {
    const klpx_task_info& info = blocker.info;
    const auto age = AgeMs(info, report.host.monotonic_ns);
    std::vector<std::string> row = {absl::StrCat(info.key.tid),
                                    absl::StrCat(info.pid),
                                    info.comm,
                                    TaskStateLetter(info.task_state),
                                    std::string(ReasonWord(info.reason)),
                                    FunctionInTheWay(blocker),
                                    age ? ShortDuration(*age) : "-",
                                    absl::StrCat(info.cpu)};
    if (signals) row.push_back(absl::StrCat(info.signals));
    if (!report.others.empty()) row.emplace_back(info.patch);
    row.push_back(blocker.cgroup);
    table.Add(std::move(row));
  }
  return table.ToString();
}

std::string Stacks(const std::vector<Blocker>& blockers) {
  std::string text;
  for (const Blocker& blocker : blockers) {
    const std::string& command = blocker.cmdline;
    absl::StrAppend(
        &text, "\n", blocker.info.key.tid, " ", Printable(blocker.info.comm),
        ": ", command.empty() ? "(no command line)" : Printable(command), "\n");
    for (const std::string& frame : blocker.stack) {
      absl::StrAppend(&text, "  ", Printable(frame), "\n");
    }
    if (blocker.stack.empty()) absl::StrAppend(&text, "  (no stack)\n");
  }
  return text;
}

std::string AdviceLines(const BlockingReport& report) {
  std::vector<PatchState> moving = {*report.patch};
  moving.insert(moving.end(), report.others.begin(), report.others.end());
  bool trampoline = false;
  std::string text;
  for (const PatchState& patch : moving) {
    std::vector<Blocker> blockers;
    for (const Blocker& blocker : report.blockers) {
      if (patch.name != blocker.info.patch) continue;
      blockers.push_back(blocker);
      trampoline = trampoline || !UnderTrampoline(blocker).empty();
    }
    for (const std::string& line : AdviceFor(blockers, patch)) {
      absl::StrAppend(&text, line, "\n");
    }
  }
  if (trampoline) absl::StrAppend(&text, kTrampolineAdvice);
  return text;
}

}  // namespace

std::string BlockingText(const BlockingReport& report) {
  if (!report.patch) return "no patch is in transition, nothing blocks\n";
  std::string text = Header(report);
  if (report.blockers.empty()) {
    return absl::StrCat(text, "no task has been seen to block\n");
  }
  absl::StrAppend(&text, "\n", TasksTable(report));
  if (report.verbose) absl::StrAppend(&text, Stacks(report.blockers));
  absl::StrAppend(&text, "\n", AdviceLines(report));
  const auto& losses = report.losses;
  if (losses && losses->state_lost > 0) {
    absl::StrAppend(&text, "warning: ", Count(losses->state_lost, "task"),
                    " not recorded, the map was full\n");
  }
  return text;
}

std::string BlockingJson(const BlockingReport& report, bool one_line) {
  Json json = Envelope("klp.blocking/v1", report.host);
  json["patch"] = report.patch ? Json(report.patch->name) : Json(nullptr);
  json["state"] = report.patch ? Json(std::string(StateWord(*report.patch)))
                               : Json(nullptr);
  const PatchState none;
  const PatchState& patch = report.patch ? *report.patch : none;
  std::vector<PatchState> moving = report.others;
  if (report.patch) moving.insert(moving.begin(), patch);
  json["transitions"] = TransitionsJson(moving);
  json["tasks"] = OrNull(patch.tasks);
  json["pending"] = OrNull(patch.pending);
  json["elapsed_ms"] = OrNull(patch.elapsed_ms);
  json["blockers"] = BlockersJson(report.blockers, report.host.monotonic_ns);
  json["observer"] = LossesJson(report.losses);
  return one_line ? DumpLine(json) : Dump(json);
}

}  // namespace klpx
