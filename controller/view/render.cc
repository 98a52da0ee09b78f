// SPDX-License-Identifier: GPL-2.0
// The screen: the header, the list or the page that covers it, the recent
// events, and the line of keys.
#include "controller/view/render.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"
#include "controller/view/columns.h"

namespace klpx {
namespace {

// From these heights on there is room for the whole header and for events.
constexpr int kTall = 18;
constexpr int kMedium = 14;
constexpr int kEventRows = 4;
constexpr int kFewEventRows = 2;
constexpr int kIndent = 2;
constexpr absl::Duration kFreshFor = absl::Seconds(5);

void PutLines(Grid& grid, int from, int to, size_t first,
              const std::vector<ScreenLine>& lines) {
  for (int y = from; y < to && first < lines.size(); y++, first++) {
    grid.Put(0, y, lines[first].text, lines[first].style);
  }
}

Style StyleOf(const Blocker& blocker) {
  switch (blocker.info.reason) {
    case KLPX_UNINTERRUPTIBLE:
    case KLPX_STOPPED:
    case KLPX_UNRELIABLE_STACK:
      return Style::kWarning;
    case KLPX_NOT_CHECKED:
    case KLPX_RUNNING:
    case KLPX_ON_FUNCTION:
    case KLPX_IDLE:
    case KLPX_EXITING:
      return Style::kPlain;
  }
  return Style::kPlain;
}

bool IsNumber(Order order) {
  return order == Order::kAge || order == Order::kCpu ||
         order == Order::kSignals || order == Order::kTid ||
         order == Order::kPid;
}

// Numbers are right-aligned.
void PutCell(Grid& grid, int x, int y, const Column& column,
             absl::string_view text, Style style) {
  const int size = static_cast<int>(text.size());
  const int shift =
      IsNumber(column.order) ? std::max(column.width - size, 0) : 0;
  grid.Put(x + shift, y, column.width - shift, text, style);
}

void PutTitles(Grid& grid, int y, int x, const std::vector<Column>& columns) {
  grid.Paint(y, Style::kTitle);
  for (const Column& column : columns) {
    PutCell(grid, x, y, column, column.title, Style::kTitle);
    x += column.width + 1;
  }
}

void PutTask(Grid& grid, int y, int x, const std::vector<Column>& columns,
             const Blocker& blocker, const Sample& sample) {
  for (const Column& column : columns) {
    PutCell(grid, x, y, column, CellText(column, blocker, sample),
            StyleOf(blocker));
    x += column.width + 1;
  }
}

std::string GroupText(const TaskLine& line) {
  return absl::StrCat(line.folded ? "+ " : "- ", Count(line.count, "task"),
                      ", oldest ", ShortDuration(line.oldest_ms), ": ",
                      line.title);
}

// A '>' in front marks the selected line too, for users who see no colours.
void PutList(TopState& top, Grid& grid, int from, int to) {
  const Sample& sample = *top.sample;
  const bool grouped = top.list.grouping() != Grouping::kNone;
  const int x = kIndent + (grouped ? kIndent : 0);
  const std::vector<Column> columns = FitColumns(sample, grid.width() - x);
  PutTitles(grid, from, x, columns);
  const int rows = std::max(to - from - 1, 0);
  top.page_rows = std::max(rows, 1);
  const std::vector<TaskLine>& lines = top.list.lines();
  const size_t first = top.list.Scroll(rows);
  for (int row = 0; row < rows && first + row < lines.size(); row++) {
    const int y = from + 1 + row;
    const TaskLine& line = lines[first + row];
    if (line.task == nullptr) {
      grid.Put(kIndent, y, GroupText(line));
    } else {
      PutTask(grid, y, x, columns, *line.task, sample);
    }
    if (first + row == top.list.selected()) {
      grid.Put(0, y, ">");
      grid.Paint(y, Style::kSelected);
    }
  }
}

std::string QuestionText(const TopState& top) {
  const std::string patch = Printable(top.question.patch);
  if (top.question.kind == RequestKind::kReverse) {
    return absl::StrCat("reverse the transition of ", patch, "? y/n");
  }
  return absl::StrCat("signal every task that blocks ", patch, "? y/n");
}

std::string KeysText(const TopState& top) {
  if (top.page != Page::kList) {
    return "q back  up/down scroll  x signal  R reverse  K F force";
  }
  if (top.replay) {
    return "q quit ? help left/right 0-9 clock space stop +/- speed enter "
           "stack";
  }
  if (top.sample == nullptr || Moving(*top.sample) == nullptr) {
    return "q quit  ? help  e events  space pause  +/- interval";
  }
  return "q quit ? help enter stack s sort g group f filter x signal R reverse "
         "F force";
}

// Without room for events, the newest replaces the line of keys for a while:
// the user has to see the effect of a key.
const TopEvent* FreshEvent(const TopState& top, int height) {
  if (height >= kMedium || top.sample == nullptr || top.events.empty()) {
    return nullptr;
  }
  const TopEvent& newest = top.events.back();
  // In a replay both times come from a file and may be any number: absl's
  // durations do not overflow.
  const absl::Duration age = absl::Nanoseconds(top.sample->host.monotonic_ns) -
                             absl::Nanoseconds(newest.time_ns);
  return age < kFreshFor ? &newest : nullptr;
}

ScreenLine LastLine(const TopState& top, int height) {
  switch (top.prompt) {
    case Prompt::kFilter:
      return {absl::StrCat("filter: ", top.typed, "_"), Style::kTitle};
    case Prompt::kYesNo:
      return {QuestionText(top), Style::kBad};
    case Prompt::kForceWord:
      if (!top.price) return {"finding out what it would cost; esc to leave"};
      return {absl::StrCat("type '", kForceWord,
                           "' and enter, or esc: ", top.typed, "_"),
              Style::kBad};
    case Prompt::kNone:
      break;
  }
  const TopEvent* event = FreshEvent(top, height);
  if (event != nullptr) return {event->text, event->style};
  return {KeysText(top), Style::kDim};
}

std::vector<ScreenLine> PageLines(const TopState& top) {
  switch (top.page) {
    case Page::kHelp:
      return HelpPage();
    case Page::kTask:
      return TaskPage(top);
    case Page::kEvents:
      return EventsPage(top, top.events.size());
    case Page::kList:
      break;
  }
  return IdlePage(*top.sample);
}

void PutPage(TopState& top, Grid& grid, int from, int to) {
  const std::vector<ScreenLine> lines =
      top.prompt == Prompt::kForceWord ? ForcePage(top) : PageLines(top);
  const int size = static_cast<int>(lines.size());
  const bool fits = size <= to - from;
  // If not everything fits, the last row says so.
  const int rows = std::max(fits ? to - from : to - from - 1, 1);
  const int most = std::max(size - rows, 0);
  top.page_rows = rows;
  top.scroll = std::clamp(top.scroll, 0, most);
  PutLines(grid, from, std::min(from + rows, to), top.scroll, lines);
  if (fits) return;
  grid.Put(0, to - 1,
           absl::StrCat("(", most - top.scroll, " more lines below)"),
           Style::kDim);
}

// Returns the first row that it used: what is above is free.
int PutEvents(const TopState& top, Grid& grid) {
  const int last = grid.height() - 1;
  const int rows = grid.height() >= kTall     ? kEventRows
                   : grid.height() >= kMedium ? kFewEventRows
                                              : 0;
  if (rows == 0) return last;
  const std::vector<ScreenLine> events = EventsPage(top, rows);
  const int from = last - rows;
  grid.Put(0, from - 1, "recent events (e: more)", Style::kTitle);
  grid.Paint(from - 1, Style::kTitle);
  PutLines(grid, from, last, 0, events);
  return from - 1;
}

}  // namespace

Grid Render(TopState& top, int width, int height) {
  Grid grid(width, height);
  const bool page = top.prompt == Prompt::kForceWord || top.page != Page::kList;
  const std::vector<ScreenLine> header =
      Header(top, width, /*all=*/!page && height >= kTall);
  PutLines(grid, 0, height, 0, header);
  const int from = static_cast<int>(header.size());
  const ScreenLine last = LastLine(top, height);
  if (top.sample != nullptr) {
    const int to = page ? height - 1 : PutEvents(top, grid);
    if (page || Moving(*top.sample) == nullptr) {
      PutPage(top, grid, from, to);
    } else {
      PutList(top, grid, from, to);
    }
  }
  if (height > 0) {
    grid.Put(0, height - 1, std::string(width, ' '));
    grid.Put(0, height - 1, last.text, last.style);
  }
  return grid;
}

}  // namespace klpx
