// SPDX-License-Identifier: GPL-2.0
// The report of 'blocking', to be pasted into a ticket: which tasks hold up the
// transition, since when, why, and what would make each of them switch.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"
#include "controller/core/report/report.h"
#include "controller/core/report/report_json.h"
#include "controller/core/transition/advice.h"
#include "controller/core/transition/blocker_fold.h"
#include "controller/core/transition/progress.h"

namespace klpx {
namespace {

constexpr size_t kColumns = 98;
constexpr absl::string_view kTrampoline = "bpf_trampoline_";
constexpr absl::string_view kTrampolineAdvice[] = {
    "[bpf]: called by the trampoline of a BPF program (fexit, LSM), past",
    "  which this kernel cannot read a stack: the task switches once the",
    "  function returns; to avoid this, detach the program ('bpftool link')"};

// The version of a function that the task runs below a BPF trampoline; "" if it
// runs none there.
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

// What the tasks of a row have in common; "-" if they differ.
template <typename Get>
std::string Common(const BlockerRow& row, Get get) {
  const std::string value = get(*row.front());
  for (const Blocker* blocker : row) {
    if (get(*blocker) != value) return "-";
  }
  return value;
}

// The name of the process: the name of its first thread, if the row has it.
std::string NameOf(const BlockerRow& row) {
  for (const Blocker* blocker : row) {
    if (blocker->info.key.tid == blocker->info.pid) return blocker->info.comm;
  }
  return row.front()->info.comm;
}

std::string OldestAge(const BlockerRow& row, int64_t now_ns) {
  std::optional<uint64_t> oldest;
  for (const Blocker* blocker : row) {
    const auto age = AgeMs(blocker->info, now_ns);
    if (age) oldest = std::max(oldest.value_or(0), *age);
  }
  return oldest ? ShortDuration(*oldest) : "-";
}

uint32_t MostSignals(const BlockerRow& row) {
  uint32_t most = 0;
  for (const Blocker* blocker : row) {
    most = std::max(most, blocker->info.signals);
  }
  return most;
}

std::vector<std::string> CellsOf(const BlockerRow& row,
                                 const BlockingReport& report, bool signals) {
  const klpx_task_info& info = row.front()->info;
  std::vector<std::string> cells = {
      row.size() == 1 ? absl::StrCat(info.key.tid)
                      : Count(row.size(), "thread"),
      absl::StrCat(info.pid),
      NameOf(row),
      Common(row,
             [](const Blocker& task) {
               return TaskStateLetter(task.info.task_state);
             }),
      std::string(ReasonWord(info.reason)),
      Common(row, FunctionInTheWay),
      OldestAge(row, report.host.monotonic_ns),
      Common(row,
             [](const Blocker& task) { return absl::StrCat(task.info.cpu); })};
  if (signals) cells.push_back(absl::StrCat(MostSignals(row)));
  if (!report.others.empty()) cells.emplace_back(info.patch);
  cells.push_back(Common(row, [](const Blocker& task) { return task.cgroup; }));
  return cells;
}

std::string TasksTable(const BlockingReport& report) {
  const bool each = report.all || report.verbose;
  const std::vector<BlockerRow> rows =
      each ? SingleRows(report.blockers) : FoldBlockers(report.blockers);
  bool signals = false;
  for (const BlockerRow& row : rows) signals = signals || MostSignals(row) > 0;
  std::vector<std::string> header = {"TID",    "PID",      "COMM", "STATE",
                                     "REASON", "FUNCTION", "AGE",  "CPU"};
  if (signals) header.push_back("SIGNALS");
  if (!report.others.empty()) header.push_back("PATCH");
  header.push_back("CGROUP");
  Table table(header);
  for (const BlockerRow& row : rows) {
    table.Add(CellsOf(row, report, signals));
  }
  // A container's control group has 250 characters.
  std::string text = table.ToString(each ? std::string::npos : kColumns);
  if (rows.size() < report.blockers.size()) {
    absl::StrAppend(&text, Count(report.blockers.size(), "task"), " in ",
                    Count(rows.size(), "row"), "; --all shows each\n");
  }
  return text;
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

std::vector<PatchState> MovingOf(const BlockingReport& report) {
  std::vector<PatchState> moving = report.others;
  if (report.patch) moving.insert(moving.begin(), *report.patch);
  return moving;
}

std::vector<std::string> AdviceOf(const BlockingReport& report,
                                  const PatchState& patch) {
  bool trampoline = false;
  std::vector<Blocker> blockers;
  for (const Blocker& blocker : report.blockers) {
    if (patch.name != blocker.info.patch) continue;
    blockers.push_back(blocker);
    trampoline = trampoline || !UnderTrampoline(blocker).empty();
  }
  std::vector<std::string> lines = AdviceFor(blockers, patch);
  if (!trampoline) return lines;
  for (const absl::string_view line : kTrampolineAdvice) {
    lines.emplace_back(line);
  }
  return lines;
}

std::string AdviceText(const BlockingReport& report) {
  std::string text;
  for (const PatchState& patch : MovingOf(report)) {
    for (const std::string& line : AdviceOf(report, patch)) {
      absl::StrAppend(&text, line, "\n");
    }
  }
  return text;
}

Json AdviceJson(const BlockingReport& report) {
  Json json = Json::array();
  for (const PatchState& patch : MovingOf(report)) {
    for (AdviceEntry& entry : AdviceEntries(AdviceOf(report, patch))) {
      json.push_back({{"patch", patch.name},
                      {"text", std::move(entry.text)},
                      {"commands", std::move(entry.commands)}});
    }
  }
  return json;
}

}  // namespace

std::string BlockingText(const BlockingReport& report) {
  if (!report.patch) return "no patch is in transition, nothing blocks\n";
  std::string text = Header(report);
  if (report.blockers.empty()) {
    return absl::StrCat(text, "no task has been seen blocking\n");
  }
  absl::StrAppend(&text, "\n", TasksTable(report));
  if (report.verbose) absl::StrAppend(&text, Stacks(report.blockers));
  absl::StrAppend(&text, "\n", AdviceText(report));
  const auto& losses = report.losses;
  if (losses && losses->state_lost > 0) {
    absl::StrAppend(&text, "warning: ", Count(losses->state_lost, "task"),
                    " not recorded, because the map was full\n");
  }
  return text;
}

Json BlockingDocument(const BlockingReport& report) {
  Json json = Envelope("klp.blocking/v1", report.host);
  json["patch"] = report.patch ? Json(report.patch->name) : Json(nullptr);
  json["state"] = report.patch ? Json(std::string(StateWord(*report.patch)))
                               : Json(nullptr);
  const PatchState none;
  const PatchState& patch = report.patch ? *report.patch : none;
  json["transitions"] = TransitionsJson(MovingOf(report));
  json["tasks"] = OrNull(patch.tasks);
  json["pending"] = OrNull(patch.pending);
  json["elapsed_ms"] = OrNull(patch.elapsed_ms);
  json["blockers"] = BlockersJson(report.blockers, report.host.monotonic_ns);
  json["advice"] = AdviceJson(report);
  json["observer"] = LossesJson(report.losses);
  return json;
}

std::string BlockingJson(const BlockingReport& report, bool one_line) {
  const Json json = BlockingDocument(report);
  return one_line ? DumpLine(json) : Dump(json);
}

}  // namespace klpx
