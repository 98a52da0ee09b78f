// SPDX-License-Identifier: GPL-2.0
// Blocking tasks as rows of a table: threads of one process that block for the
// same reason are one row.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_BLOCKER_FOLD_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_BLOCKER_FOLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/base/machine.h"

namespace klpx {

// At least one task. The tasks of a row share patch, process, reason and
// function. Idle tasks and kernel threads have a row each, because they share
// no process.
using BlockerRow = std::vector<const Blocker*>;

// Equal for tasks of one row, and only for these; "" for a task that has a row
// of its own. Also serves the tasks of a JSON document.
std::string RowKey(absl::string_view patch, uint64_t pid,
                   absl::string_view reason, absl::string_view function);

std::vector<BlockerRow> FoldBlockers(const std::vector<Blocker>& blockers);
// One row per task.
std::vector<BlockerRow> SingleRows(const std::vector<Blocker>& blockers);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_BLOCKER_FOLD_H_
