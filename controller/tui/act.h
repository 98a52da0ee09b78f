// SPDX-License-Identifier: GPL-2.0
// Does what a key of top asks for, by the verb that does it on the command
// line; what that prints is handed back.
#ifndef KLPX_CONTROLLER_TUI_ACT_H_
#define KLPX_CONTROLLER_TUI_ACT_H_

#include "controller/ops/kernel/context.h"
#include "controller/view/top_state.h"

namespace klpx {

ActionResult Act(Context& context, const Request& request);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_TUI_ACT_H_
