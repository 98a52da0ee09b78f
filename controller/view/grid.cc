// SPDX-License-Identifier: GPL-2.0
// A screen as cells, and the differences between two screens.
#include "controller/view/grid.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

// A cursor movement costs about this many bytes.
constexpr int kJumpBytes = 6;

// The column of the next difference in the row, from x on; the width if there
// is none.
int NextDifference(const Grid& last, const Grid& next, int x, int y) {
  while (x < next.width() && last.At(x, y) == next.At(x, y)) x++;
  return x;
}

// Adds the cells from x to end as runs of one style each.
void AddRuns(const Grid& next, int x, int end, int y,
             std::vector<CellRun>& runs) {
  while (x < end) {
    CellRun run = {x, y, "", next.At(x, y).style};
    for (; x < end && next.At(x, y).style == run.style; x++) {
      run.text += next.At(x, y).character;
    }
    runs.push_back(std::move(run));
  }
}

}  // namespace

Grid::Grid(int width, int height)
    : width_(std::max(width, 0)),
      height_(std::max(height, 0)),
      cells_(static_cast<size_t>(width_) * height_) {}

int Grid::Put(int x, int y, int room, absl::string_view text, Style style) {
  if (y < 0 || y >= height_ || x < 0 || x >= width_ || room <= 0) return x;
  room = std::min(room, width_ - x);
  for (const char c : Printable(Clip(text, room))) {
    cells_[y * width_ + x++] = {c, style};
  }
  return x;
}

int Grid::Put(int x, int y, absl::string_view text, Style style) {
  return Put(x, y, width_ - x, text, style);
}

void Grid::Paint(int y, Style style) {
  if (y < 0 || y >= height_) return;
  for (int x = 0; x < width_; x++) cells_[y * width_ + x].style = style;
}

std::string Grid::ToString() const {
  std::string text;
  for (int y = 0; y < height_; y++) {
    std::string row;
    for (int x = 0; x < width_; x++) row += At(x, y).character;
    absl::StrAppend(&text, absl::StripTrailingAsciiWhitespace(row), "\n");
  }
  return text;
}

std::vector<CellRun> Changes(const Grid& last, const Grid& next) {
  std::vector<CellRun> runs;
  const bool same_size =
      last.width() == next.width() && last.height() == next.height();
  for (int y = 0; y < next.height(); y++) {
    if (!same_size) {
      AddRuns(next, 0, next.width(), y, runs);
      continue;
    }
    int x = NextDifference(last, next, 0, y);
    while (x < next.width()) {
      int end = x + 1;
      for (;;) {
        while (end < next.width() && last.At(end, y) != next.At(end, y)) end++;
        const int more = NextDifference(last, next, end, y);
        if (more >= next.width() || more - end > kJumpBytes) break;
        end = more;
      }
      AddRuns(next, x, end, y, runs);
      x = NextDifference(last, next, end, y);
    }
  }
  return runs;
}

std::string Clip(absl::string_view text, size_t room) {
  if (text.size() <= room) return std::string(text);
  if (room == 0) return "";
  return absl::StrCat(text.substr(0, room - 1), "+");
}

}  // namespace klpx
