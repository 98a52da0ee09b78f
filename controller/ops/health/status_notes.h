// SPDX-License-Identifier: GPL-2.0
// Notes for status about the machine, one line each.
#ifndef KLPX_CONTROLLER_OPS_HEALTH_STATUS_NOTES_H_
#define KLPX_CONTROLLER_OPS_HEALTH_STATUS_NOTES_H_

#include <string>
#include <vector>

#include "controller/ops/kernel/context.h"

namespace klpx {

// A policy file with mistakes, patches that are kept out at boot, health gates
// that are open or have failed.
std::vector<std::string> StatusNotes(Context& context);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HEALTH_STATUS_NOTES_H_
