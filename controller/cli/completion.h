// SPDX-License-Identifier: GPL-2.0
// Shell scripts that complete klp-controller's command line, generated from the
// tables of verbs and flags. They offer the names of the patches that are
// loaded at the moment of the completion.
#ifndef KLPX_CONTROLLER_CLI_COMPLETION_H_
#define KLPX_CONTROLLER_CLI_COMPLETION_H_

#include <string>

namespace klpx {

std::string BashCompletion();
std::string ZshCompletion();
std::string FishCompletion();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_COMPLETION_H_
