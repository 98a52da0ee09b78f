// SPDX-License-Identifier: GPL-2.0
// The terminal, through ncurses: shows a grid of cells, reads keys, and leaves
// the terminal as it was found. No other file uses ncurses. Signals are the
// caller's business (top.cc): no handler of ncurses runs.
#ifndef KLPX_CONTROLLER_TUI_TERMINAL_H_
#define KLPX_CONTROLLER_TUI_TERMINAL_H_

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "controller/view/grid.h"
#include "controller/view/top_state.h"

namespace klpx {

class Terminal {
 public:
  // kUsage if the type of the terminal is not known. Only one may exist at a
  // time.
  static absl::StatusOr<std::unique_ptr<Terminal>> Open(const std::string& type,
                                                        FILE* out, FILE* in,
                                                        bool colors);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  int width() const;
  int height() const;

  // Sends the differences from the last grid.
  void Show(const Grid& grid);
  // The next Show() sends everything.
  void Forget();
  // The next key in the queue; kNone if there is none.
  Key ReadKey();

  // Call this when the size of the window has changed.
  void Resize();
  // Gives the terminal back for a while, and takes it again.
  void Release();
  void Reclaim();

 private:
  explicit Terminal(void* screen) : screen_(screen) {}

  void* screen_;  // ncurses' SCREEN
  bool colors_ = false;
  std::optional<Grid> shown_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_TUI_TERMINAL_H_
