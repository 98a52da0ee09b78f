// SPDX-License-Identifier: GPL-2.0
// Words and numbers as people read them.
#include "controller/core/text.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace klpx {
namespace {

// The bits of task->__state that ps tells apart (fs/proc/array.c shows them).
constexpr uint32_t kInterruptible = 0x1;
constexpr uint32_t kUninterruptible = 0x2;
constexpr uint32_t kStopped = 0x4;
constexpr uint32_t kTraced = 0x8;
constexpr uint32_t kDead = 0x80;
constexpr uint32_t kNoLoad = 0x400;

}  // namespace

absl::string_view ReasonWord(klpx_reason reason) {
  switch (reason) {
    case KLPX_NOT_CHECKED:
      return "not-checked";
    case KLPX_RUNNING:
      return "running";
    case KLPX_ON_FUNCTION:
      return "on-function";
    case KLPX_UNRELIABLE_STACK:
      return "unreliable-stack";
    case KLPX_IDLE:
      return "idle";
    case KLPX_STOPPED:
      return "stopped-or-traced";
    case KLPX_UNINTERRUPTIBLE:
      return "uninterruptible";
    case KLPX_EXITING:
      return "exiting";
  }
  return "unknown";
}

std::string TaskStateLetter(uint32_t task_state) {
  if (task_state & kDead) return "X";
  if (task_state & kTraced) return "t";
  if (task_state & kStopped) return "T";
  if (task_state & kUninterruptible) return task_state & kNoLoad ? "I" : "D";
  if (task_state & kInterruptible) return "S";
  return "R";
}

std::string ShortDuration(uint64_t milliseconds) {
  const uint64_t seconds = milliseconds / 1000;
  if (seconds < 10) {
    return absl::StrFormat("%d.%02ds", seconds, milliseconds % 1000 / 10);
  }
  if (seconds < 60) return absl::StrCat(seconds, "s");
  if (seconds < 3600) {
    return absl::StrFormat("%dm%02ds", seconds / 60, seconds % 60);
  }
  return absl::StrFormat("%dh%02dm", seconds / 3600, seconds / 60 % 60);
}

std::optional<absl::Duration> ParseTimeout(absl::string_view text) {
  double seconds = 0;
  absl::Duration duration;
  if (absl::SimpleAtod(text, &seconds)) {
    if (std::isnan(seconds)) return std::nullopt;
    duration = absl::Seconds(seconds);
  } else if (!absl::ParseDuration(text, &duration)) {
    return std::nullopt;
  }
  if (duration < absl::ZeroDuration()) return std::nullopt;
  return duration;
}

std::string Printable(absl::string_view text) {
  std::string safe(text);
  for (char& c : safe) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) c = '?';
  }
  return safe;
}

std::string PrintableLines(absl::string_view text) {
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    lines.push_back(Printable(line));
  }
  return absl::StrJoin(lines, "\n");
}

std::string Count(uint64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

Table::Table(std::vector<std::string> header) {
  rows_.push_back(std::move(header));
}

void Table::Add(std::vector<std::string> row) {
  row.resize(rows_.front().size());
  for (std::string& cell : row) {
    cell = cell.empty() ? "-" : Printable(cell);
  }
  rows_.push_back(std::move(row));
}

std::string Table::ToString() const {
  std::vector<size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); i++) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    for (size_t i = 0; i + 1 < row.size(); i++) {
      absl::StrAppend(&text, row[i],
                      std::string(widths[i] - row[i].size() + 2, ' '));
    }
    absl::StrAppend(&text, row.back(), "\n");
  }
  return text;
}

}  // namespace klpx
