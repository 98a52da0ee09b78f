// SPDX-License-Identifier: GPL-2.0
// Scripts that complete klp-controller's command line in shells, from the
// tables of verbs and flags. Names of patches are those that are loaded when
// the user asks.
#ifndef KLPX_CONTROLLER_CLI_COMPLETION_H_
#define KLPX_CONTROLLER_CLI_COMPLETION_H_

#include <string>

namespace klpx {

std::string BashCompletion();
std::string ZshCompletion();
std::string FishCompletion();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_COMPLETION_H_
