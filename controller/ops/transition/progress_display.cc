// SPDX-License-Identifier: GPL-2.0
// Shows the progress of a transition on stderr.
#include "controller/ops/transition/progress_display.h"

#include <algorithm>
#include <utility>

#include "controller/core/base/printable_stream.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

constexpr absl::Duration kLineInterval = absl::Seconds(1);
// The width for a log, and for a terminal that does not report its own.
constexpr size_t kColumns = 100;
constexpr absl::string_view kClearRow = "\r\033[K";

}  // namespace

ProgressDisplay::ProgressDisplay(Console& console, std::string limit)
    : console_(console), limit_(std::move(limit)), pacer_(kLineInterval) {}

ProgressDisplay::~ProgressDisplay() {
  if (!on_screen_.empty()) Raw(console_.err, kClearRow);
  console_.err << std::flush;
}

void ProgressDisplay::Show(const PatchState& patch,
                           const std::vector<Blocker>& blockers,
                           absl::Duration waited) {
  if (console_.style.json || console_.style.quiet) return;
  if (!limit_.empty()) console_.err << std::exchange(limit_, "") << "\n";
  const Progress progress = ProgressOf(patch, blockers);
  if (console_.style.err_is_terminal) {
    Overwrite(progress);
  } else if (pacer_.IsDue(progress, waited)) {
    console_.err << ProgressLine(progress, kColumns) << "\n" << std::flush;
  }
}

// Asks for the width each time, because the window may have been resized. The
// last column stays empty: on some terminals a character there starts a second
// row, and only one row is cleared.
void ProgressDisplay::Overwrite(const Progress& progress) {
  size_t columns = kColumns;
  if (console_.style.err_columns) {
    columns = console_.style.err_columns().value_or(kColumns);
  }
  std::string line = ProgressLine(progress, std::max<size_t>(columns, 2) - 1);
  if (line == on_screen_) return;
  Raw(console_.err, kClearRow);
  console_.err << line << std::flush;
  on_screen_ = std::move(line);
}

}  // namespace klpx
