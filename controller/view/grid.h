// SPDX-License-Identifier: GPL-2.0
// A screen as cells, and the differences between two screens. Cells are ASCII:
// anything else, and every control character, becomes '?', so that a process
// name can neither drive the terminal nor take two columns.
#ifndef KLPX_CONTROLLER_VIEW_GRID_H_
#define KLPX_CONTROLLER_VIEW_GRID_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace klpx {

// A colour only repeats what a word says: on a terminal without colours kGood,
// kWarning and kBad become attributes or nothing.
enum class Style { kPlain, kTitle, kDim, kSelected, kGood, kWarning, kBad };

struct Cell {
  char character = ' ';
  Style style = Style::kPlain;
  bool operator==(const Cell&) const = default;
};

// Adjacent cells of one style in one row.
struct CellRun {
  int x = 0;
  int y = 0;
  std::string text;
  Style style = Style::kPlain;
};

class Grid {
 public:
  Grid(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  const Cell& At(int x, int y) const { return cells_[y * width_ + x]; }

  // Writes text into `room` columns from x on; longer text is cut and ends in
  // '+'. What is outside the screen is left out. Returns the column after the
  // text.
  int Put(int x, int y, int room, absl::string_view text,
          Style style = Style::kPlain);
  // To the end of the row.
  int Put(int x, int y, absl::string_view text, Style style = Style::kPlain);
  // Sets the style of a whole row, and keeps its text.
  void Paint(int y, Style style);

  // The rows, without trailing blanks.
  std::string ToString() const;

 private:
  int width_;
  int height_;
  std::vector<Cell> cells_;
};

// What has to be written to turn `last` into `next`; everything if their sizes
// differ. Runs separated by only a few equal cells are merged: moving the
// cursor would cost more than writing those cells again.
std::vector<CellRun> Changes(const Grid& last, const Grid& next);

// At most `room` characters; a text that was cut ends in '+'.
std::string Clip(absl::string_view text, size_t room);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_GRID_H_
