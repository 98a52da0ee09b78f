// SPDX-License-Identifier: GPL-2.0
// klp.history/v1: past transitions, as a table and as JSON.
#ifndef KLPX_CONTROLLER_CORE_REPORT_REPORT_HISTORY_H_
#define KLPX_CONTROLLER_CORE_REPORT_REPORT_HISTORY_H_

#include <string>
#include <vector>

#include "controller/core/base/machine.h"
#include "controller/core/history/history.h"

namespace klpx {

// One row per transition, the newest last; verbose: the story of each. The
// caller handles an empty list.
std::string HistoryText(const std::vector<TransitionRecord>& newest_first,
                        bool verbose);
// Includes everything that was loaded of each transition.
std::string HistoryJson(const Host& host,
                        const std::vector<TransitionRecord>& newest_first);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_REPORT_REPORT_HISTORY_H_
