// SPDX-License-Identifier: GPL-2.0
// A screen as cells, and what is different between two of them. Everything that
// is put on it is ASCII: what is not, and every control character, becomes '?',
// so that a process name cannot drive a terminal, or take two columns.
#ifndef KLPX_CONTROLLER_VIEW_GRID_H_
#define KLPX_CONTROLLER_VIEW_GRID_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace klpx {

// A colour only repeats what a word says: kGood, kWarning and kBad are
// attributes, or nothing, on a terminal without colours.
enum class Style { kPlain, kTitle, kDim, kSelected, kGood, kWarning, kBad };

struct Cell {
  char character = ' ';
  Style style = Style::kPlain;
  bool operator==(const Cell&) const = default;
};

// Cells of one style beside each other, on one row.
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

  // In `room` columns from x on; text that is longer ends in '+'. What is
  // outside of the screen is left out. Returns the column behind the text.
  int Put(int x, int y, int room, absl::string_view text,
          Style style = Style::kPlain);
  // To the end of the row.
  int Put(int x, int y, absl::string_view text, Style style = Style::kPlain);
  // A style for a whole row, whatever is on it.
  void Paint(int y, Style style);

  // Rows without the blanks at their end.
  std::string ToString() const;

 private:
  int width_;
  int height_;
  std::vector<Cell> cells_;
};

// What has to be written to make `next` of `last`; all of it if their sizes
// differ. Runs that a few equal cells divide are one: a jump of the cursor
// costs more than those.
std::vector<CellRun> Changes(const Grid& last, const Grid& next);

// At most `room` characters; what was cut ends in '+'.
std::string Clip(absl::string_view text, size_t room);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_GRID_H_
