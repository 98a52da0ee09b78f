// SPDX-License-Identifier: GPL-2.0
// The text of 'preflight': the findings, the most severe first, then the tasks
// that would block, and the verdict as the last line.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"
#include "controller/core/report/report.h"

namespace klpx {
namespace {

// Longer lists are cut, unless verbose; JSON is always complete.
constexpr size_t kMaxTasksShown = 20;

void Line(std::string& text, absl::string_view label, absl::string_view value) {
  value = absl::StripTrailingAsciiWhitespace(value);
  if (value.empty()) return;
  absl::StrAppend(&text, label, std::string(13 - label.size(), ' '),
                  Printable(value), "\n");
}

std::string SignatureWords(const PreflightReport& report) {
  const absl::string_view is = report.file->is_signed ? "signed" : "not signed";
  const std::string& required = report.signature_required_by;
  if (required.empty())
    return absl::StrCat(is, "; the kernel does not require it");
  return absl::StrCat(is, "; required by ", required);
}

std::string FunctionWords(const PreflightReport& report) {
  if (!report.file->patch) return "known only once it is loaded";
  const size_t absent = std::count_if(
      report.functions.begin(), report.functions.end(),
      [](const CheckedFunction& checked) { return !checked.present; });
  const size_t compared =
      std::count_if(report.functions.begin(), report.functions.end(),
                    [](const CheckedFunction& checked) {
                      return checked.same_prototype.has_value();
                    });
  std::string words = absl::StrCat(report.functions.size(), ", prototypes of ",
                                   compared, " compared");
  if (absent == 0) return words;
  return absl::StrCat(words, ", ", absent, " in modules that are not loaded");
}

std::string Header(const PreflightReport& report) {
  std::string text;
  Line(text, "file:", report.path);
  if (report.file) {
    Line(text, "module:", report.file->module);
    Line(text,
         "engine:", EngineWords(report.file->engine, report.file->adopted));
    if (report.file->patch)
      Line(text, "built by:", report.file->patch->builder);
    Line(text, "vermagic:", report.file->vermagic);
    Line(text, "signature:", SignatureWords(report));
    if (report.file->engine != Engine::kNone) {
      Line(text, "functions:", FunctionWords(report));
    }
  }
  Line(text, "kernel:", report.host.kernel);
  return text;
}

std::string FindingLines(const Findings& findings, Severity severity) {
  std::string text;
  for (const Finding& finding : findings) {
    const FindingRow& row = RowOf(finding.code);
    if (row.severity != severity) continue;
    absl::StrAppend(&text, "\n", SeverityWord(severity), ": ", row.word, "\n  ",
                    Printable(finding.found), "\n");
    if (finding.advice.empty()) continue;
    absl::StrAppend(&text, "  ", Printable(finding.advice), "\n");
  }
  return text;
}

// Tasks of one process that wait for the same thing, in one row.
struct TaskRow {
  const TaskInTheWay* first;
  int least_seen;
  int most_seen;
  size_t tasks = 1;
};

bool AreAlike(const TaskInTheWay& a, const TaskInTheWay& b) {
  return a.task.pid == b.task.pid && a.object == b.object &&
         a.function == b.function && a.obstacle == b.obstacle &&
         a.task.kthread == b.task.kthread &&
         TaskStateLetter(a.task.task_state) ==
             TaskStateLetter(b.task.task_state);
}

std::vector<TaskRow> Fold(const std::vector<TaskInTheWay>& tasks, bool fold) {
  std::vector<TaskRow> rows;
  std::map<std::pair<uint32_t, std::string>, std::vector<size_t>> by_process;
  for (const TaskInTheWay& entry : tasks) {
    std::vector<size_t>& near = by_process[{entry.task.pid, entry.function}];
    const auto like = std::find_if(near.begin(), near.end(), [&](size_t row) {
      return fold && AreAlike(*rows[row].first, entry);
    });
    if (like == near.end()) {
      near.push_back(rows.size());
      rows.push_back({&entry, entry.seen, entry.seen});
      continue;
    }
    TaskRow& row = rows[*like];
    row.least_seen = std::min(row.least_seen, entry.seen);
    row.most_seen = std::max(row.most_seen, entry.seen);
    row.tasks++;
  }
  return rows;
}

std::string SeenWords(const TaskRow& row, int looks) {
  return row.least_seen == row.most_seen
             ? absl::StrCat(row.most_seen, "/", looks)
             : absl::StrCat(row.least_seen, "-", row.most_seen, "/", looks);
}

std::string TasksTable(const PreflightReport& report) {
  const auto& tasks = report.forecast->in_the_way;
  if (tasks.empty()) return "";
  const std::vector<TaskRow> rows = Fold(tasks, /*fold=*/!report.verbose);
  const size_t shown =
      report.verbose ? rows.size() : std::min(rows.size(), kMaxTasksShown);
  const bool folded = rows.size() < tasks.size();
  std::vector<std::string> header = {"TID",     "PID",  "COMM",     "STATE",
                                     "KTHREAD", "SEEN", "OBSTACLE", "FUNCTION"};
  if (folded) header.push_back("TASKS");
  Table table(header);
  size_t left = tasks.size();
  for (size_t i = 0; i < shown; i++) {
    const TaskInTheWay& entry = *rows[i].first;
    const TaskStack& task = entry.task;
    std::vector<std::string> row = {absl::StrCat(task.tid),
                                    absl::StrCat(task.pid),
                                    task.comm,
                                    TaskStateLetter(task.task_state),
                                    task.kthread ? "yes" : "no",
                                    SeenWords(rows[i], report.forecast->looks),
                                    std::string(ObstacleWord(entry.obstacle)),
                                    entry.function};
    if (folded) row.push_back(absl::StrCat(rows[i].tasks));
    table.Add(std::move(row));
    left -= rows[i].tasks;
  }
  std::string text = absl::StrCat("\n", table.ToString());
  if (left > 0) {
    absl::StrAppend(&text, "and ", left, " more: -v or --json shows all\n");
  } else if (folded) {
    absl::StrAppend(&text,
                    "threads of one process share a row: -v or --json "
                    "shows each\n");
  }
  return text;
}

std::string ForecastLines(const PreflightReport& report) {
  if (!report.forecast_error.empty()) {
    return absl::StrCat("\nwhich tasks would block is not known: ",
                        Printable(report.forecast_error), "\n");
  }
  if (!report.forecast) return "";
  const Forecast& forecast = *report.forecast;
  const absl::Duration span = report.look_interval * (forecast.looks - 1);
  return absl::StrCat(TasksTable(report), "\n", Count(forecast.looks, "look"),
                      " at ", Count(forecast.tasks, "task"), " within ",
                      ShortDuration(absl::ToInt64Milliseconds(span)), ", ",
                      forecast.running, " on a CPU\n",
                      OutlookSentence(forecast), "\n");
}

std::string Verdict(const Findings& findings) {
  const size_t fatal = CountOf(findings, Severity::kFatal);
  const std::string rest =
      absl::StrCat(Count(CountOf(findings, Severity::kWarning), "warning"),
                   ", ", Count(CountOf(findings, Severity::kNote), "note"));
  if (fatal == 0) return absl::StrCat("\npreflight: passed, ", rest, "\n");
  return absl::StrCat("\npreflight: refused, ", fatal, " fatal, ", rest, "\n");
}

}  // namespace

std::string PreflightText(const PreflightReport& report) {
  return absl::StrCat(Header(report),
                      FindingLines(report.findings, Severity::kFatal),
                      FindingLines(report.findings, Severity::kWarning),
                      FindingLines(report.findings, Severity::kNote),
                      ForecastLines(report), Verdict(report.findings));
}

}  // namespace klpx
