// SPDX-License-Identifier: GPL-2.0
// The pages that cover the list: a task with its stack, events, help, the price
// of forcing; and the page that is shown without a transition.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "controller/core/base/text.h"
#include "controller/core/report/report.h"
#include "controller/core/report/report_json.h"
#include "controller/core/transition/advice.h"
#include "controller/view/render.h"

namespace klpx {
namespace {

struct HelpRow {
  absl::string_view keys;
  absl::string_view does;
};
// The table of keys. docs/TOP.md repeats it, and a test compares them.
constexpr HelpRow kHelp[] = {
    {"up down k j", "select; also page up, page down, home, end"},
    {"enter", "the selected task with its stack; open or close a group"},
    {"s, i", "sort by the next column; invert the order"},
    {"g", "group: function, reason, process, cgroup, none"},
    {"z", "open or close all groups"},
    {"f /", "filter: show tasks that match all words; esc clears it"},
    {"space", "pause the display; the transition continues"},
    {"+ -", "update more, less often; replay: faster, slower"},
    {"left right 0-9", "replay: move the clock"},
    {"e", "events: what happened since top was started"},
    {"x, X", "signal the selected task; all blocking tasks (asks)"},
    {"R", "reverse the transition (asks)"},
    {"K, F", "force the selected task; all tasks (shows the price, asks)"},
    {"ctrl-l", "redraw the screen"},
    {"h ?", "this page"},
    {"q", "back; quit"},
};
constexpr int kKeysWidth = 15;

std::vector<ScreenLine> LinesOf(absl::string_view text, Style style) {
  std::vector<ScreenLine> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    lines.push_back({std::string(line), style});
  }
  while (!lines.empty() && lines.back().text.empty()) lines.pop_back();
  return lines;
}

void Append(std::vector<ScreenLine>& lines, std::vector<ScreenLine> more) {
  lines.insert(lines.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

std::string OrDash(const std::string& text) {
  return text.empty() ? "-" : text;
}

void AddFacts(const TopState& top, const Blocker& blocker,
              std::vector<ScreenLine>& lines) {
  const klpx_task_info& info = blocker.info;
  const Sample& sample = *top.sample;
  const auto age = AgeMs(info, sample.host.monotonic_ns);
  const std::string who =
      info.key.idle_cpu >= 0
          ? absl::StrCat("idle task of CPU ", info.key.idle_cpu)
      : info.kthread ? "kernel thread"
                     : absl::StrCat("process ", info.pid);
  lines.push_back({absl::StrCat("task ", info.key.tid, " ", info.comm, ", ",
                                who, top.task_gone ? ", SWITCHED OR GONE" : ""),
                   Style::kTitle});
  lines.push_back({absl::StrCat("reason:   ", ReasonWord(info.reason))});
  lines.push_back({absl::StrCat("function: ", OrDash(info.function))});
  std::string state =
      absl::StrCat("blocking for ", age ? ShortDuration(*age) : "-", ", got ",
                   Count(info.signals, "fake signal"));
  if (!sample.recorded) {
    absl::StrAppend(&state, ", state ", TaskStateLetter(info.task_state),
                    ", on CPU ", info.cpu);
  }
  lines.push_back({state});
}

std::string Ago(absl::Time now, absl::Time then) {
  const int64_t ms = absl::ToInt64Milliseconds(now - then);
  return absl::StrCat(ShortDuration(std::max<int64_t>(ms, 0)), " ago");
}

// The table of 'history', in 80 columns.
std::string HistoryTable(const Sample& sample) {
  Table table({"ID", "BEGUN", "PATCH", "DIRECTION", "OUTCOME", "TOOK", "TASKS",
               "BLOCKERS", "FORCED"});
  for (const TransitionRecord& record : sample.history) {
    const auto took = TookMs(record);
    table.Add({absl::StrCat(record.id), Ago(sample.host.time, record.begun),
               record.patch, std::string(DirectionWord(record.patching)),
               std::string(OutcomeWord(record.outcome)),
               took ? ShortDuration(*took) : "",
               record.tasks ? absl::StrCat(*record.tasks) : "",
               absl::StrCat(record.blockers), absl::StrCat(record.forced)});
  }
  return table.ToString();
}

}  // namespace

std::vector<ScreenLine> HelpPage() {
  std::vector<ScreenLine> lines = {{"keys", Style::kTitle}};
  for (const HelpRow& row : kHelp) {
    lines.push_back(
        {absl::StrFormat("  %-*s %s", kKeysWidth, row.keys, row.does)});
  }
  Append(lines,
         LinesOf("A task blocks while one of the old functions is on its "
                 "stack, or while it\n"
                 "cannot be checked. Reasons: klp-controller(8).\n"
                 "Quitting or killing top changes nothing: the "
                 "transition continues.",
                 Style::kDim));
  return lines;
}

std::vector<ScreenLine> TaskPage(const TopState& top) {
  std::vector<ScreenLine> lines;
  if (!top.task) return lines;
  const Blocker& blocker = *top.task;
  AddFacts(top, blocker, lines);
  const bool has_detail = top.detail && top.detail->key == blocker.info.key;
  const TaskDetail none;
  const TaskDetail& detail = has_detail ? *top.detail : none;
  lines.push_back({absl::StrCat(
      "cgroup:   ",
      OrDash(blocker.cgroup.empty() ? detail.cgroup : blocker.cgroup))});
  lines.push_back({absl::StrCat(
      "command:  ",
      OrDash(detail.cmdline.empty() ? blocker.cmdline : detail.cmdline))});
  const PatchState* patch = Moving(*top.sample);
  if (patch != nullptr && !top.replay) {
    for (std::string& line : AdviceFor(blocker.info, *patch)) {
      lines.push_back({std::move(line), Style::kDim});
    }
  }
  lines.push_back({""});
  lines.push_back({"stack, innermost first", Style::kTitle});
  const std::vector<std::string>& stack =
      detail.stack.empty() ? blocker.stack : detail.stack;
  for (const std::string& frame : stack) {
    lines.push_back({absl::StrCat("  ", frame)});
  }
  if (stack.empty()) {
    const bool waits = !top.replay && !has_detail && !top.task_gone;
    lines.push_back({waits ? "  (being read)"
                           : absl::StrCat("  (none: ",
                                          detail.missing.empty()
                                              ? "the task runs, is idle or gone"
                                              : detail.missing,
                                          ")"),
                     Style::kDim});
  }
  return lines;
}

std::vector<ScreenLine> EventsPage(const TopState& top, size_t newest) {
  std::vector<ScreenLine> lines;
  if (top.sample == nullptr) return lines;
  const size_t count = std::min(newest, top.events.size());
  for (size_t i = top.events.size() - count; i < top.events.size(); i++) {
    const TopEvent& event = top.events[i];
    const absl::Time time = top.sample->host.time -
                            absl::Nanoseconds(top.sample->host.monotonic_ns) +
                            absl::Nanoseconds(event.time_ns);
    lines.push_back(
        {absl::StrCat(absl::FormatTime("%H:%M:%E2S", time, absl::UTCTimeZone()),
                      "  ", event.text),
         event.style});
  }
  if (lines.empty()) lines.push_back({"nothing yet", Style::kDim});
  return lines;
}

std::vector<ScreenLine> ForcePage(const TopState& top) {
  if (!top.price) return {};
  return LinesOf(*top.price, Style::kPlain);
}

std::vector<ScreenLine> IdlePage(const Sample& sample) {
  std::vector<ScreenLine> lines;
  if (!sample.engine_missing.empty()) {
    lines.push_back({sample.engine_missing, Style::kWarning});
  } else {
    lines.push_back(
        {"no patch is in transition; waiting for the next transition"});
  }
  lines.push_back({""});
  if (!sample.patches.empty()) {
    Append(lines, LinesOf(ListText(sample.patches), Style::kPlain));
    lines.push_back({""});
  }
  if (!sample.history_missing.empty()) {
    lines.push_back(
        {absl::StrCat("history: ", sample.history_missing), Style::kDim});
  } else if (sample.history.empty()) {
    lines.push_back({"no transitions on record", Style::kDim});
  } else {
    lines.push_back({"the last transitions (--replay ID)", Style::kTitle});
    Append(lines, LinesOf(HistoryTable(sample), Style::kPlain));
  }
  return lines;
}

}  // namespace klpx
