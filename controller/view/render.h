// SPDX-License-Identifier: GPL-2.0
// The screen of klp-controller top. The same state and size always give the
// same cells.
#ifndef KLPX_CONTROLLER_VIEW_RENDER_H_
#define KLPX_CONTROLLER_VIEW_RENDER_H_

#include <string>
#include <vector>

#include "controller/view/grid.h"
#include "controller/view/top_state.h"

namespace klpx {

// Also scrolls the list so that the selected line is on the screen.
Grid Render(TopState& top, int width, int height);

struct ScreenLine {
  std::string text;
  Style style = Style::kPlain;
};

// The top of the screen: the machine, the patch in transition, the progress.
// `all` false: without the lines that a low screen can do without.
std::vector<ScreenLine> Header(const TopState& top, int width, bool all);

// Pages that cover the list.
std::vector<ScreenLine> HelpPage();
std::vector<ScreenLine> TaskPage(const TopState& top);
std::vector<ScreenLine> EventsPage(const TopState& top, size_t newest);
std::vector<ScreenLine> ForcePage(const TopState& top);
// Shown without a transition: the patches and the last transitions.
std::vector<ScreenLine> IdlePage(const Sample& sample);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_RENDER_H_
