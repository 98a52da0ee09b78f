// SPDX-License-Identifier: GPL-2.0
// Carries out a request of top by calling the verb of the command line, and
// returns what the verb prints.
#ifndef KLPX_CONTROLLER_TUI_ACT_H_
#define KLPX_CONTROLLER_TUI_ACT_H_

#include "controller/ops/entry/context.h"
#include "controller/view/top_state.h"

namespace klpx {

ActionResult Act(Context& context, const Request& request);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_TUI_ACT_H_
