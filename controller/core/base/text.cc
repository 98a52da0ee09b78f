// SPDX-License-Identifier: GPL-2.0
// Text for users.
#include "controller/core/base/text.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace klpx {

std::string TaskStateLetter(uint32_t task_state) {
  return {klpx_state_letter(task_state)};
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

std::string FitTo(absl::string_view text, size_t columns) {
  constexpr absl::string_view kMore = "...";
  if (text.size() <= columns) return std::string(text);
  if (columns <= kMore.size()) return std::string(text.substr(0, columns));
  return absl::StrCat(text.substr(0, columns - kMore.size()), kMore);
}

std::string Wrap(absl::string_view text, size_t columns,
                 absl::string_view indent) {
  std::string wrapped;
  absl::string_view prefix;
  while (prefix.size() + text.size() > columns) {
    const size_t room = std::max(columns, prefix.size() + 1) - prefix.size();
    const size_t word = text.find_first_not_of(' ');
    size_t end = text.rfind(' ', room);
    // Do not break within the blanks before the first word.
    if (end == text.npos || end <= word) end = room;
    if (end >= text.size()) break;
    absl::StrAppend(&wrapped, prefix,
                    absl::StripTrailingAsciiWhitespace(text.substr(0, end)),
                    "\n");
    text = absl::StripLeadingAsciiWhitespace(text.substr(end));
    prefix = indent;
  }
  return absl::StrCat(wrapped, prefix, text);
}

absl::string_view DirectionWord(bool patching) {
  return patching ? "patching" : "unpatching";
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

namespace {

// Shortens a last cell to its end, which tells more about a path.
std::string EndOf(const std::string& cell, size_t room) {
  constexpr absl::string_view kMore = "...";
  constexpr size_t kLeast = 12;
  room = std::max(room, kLeast);
  if (cell.size() <= room) return cell;
  return absl::StrCat(kMore, cell.substr(cell.size() - room + kMore.size()));
}

}  // namespace

std::string Table::ToString(size_t columns) const {
  std::vector<size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); i++) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  size_t before = 0;
  for (size_t i = 0; i + 1 < widths.size(); i++) before += widths[i] + 2;
  const size_t room = columns - std::min(columns, before);
  std::string text;
  for (const auto& row : rows_) {
    for (size_t i = 0; i + 1 < row.size(); i++) {
      absl::StrAppend(&text, row[i],
                      std::string(widths[i] - row[i].size() + 2, ' '));
    }
    absl::StrAppend(&text, EndOf(row.back(), room), "\n");
  }
  return text;
}

}  // namespace klpx
