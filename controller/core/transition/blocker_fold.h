// SPDX-License-Identifier: GPL-2.0
// Tasks in the way now, as rows of a table: threads of one process that are
// held up by the same thing are one row.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_BLOCKER_FOLD_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_BLOCKER_FOLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/base/model.h"

namespace klpx {

// One task at least. Tasks of one row have patch, process, reason and function
// in common; idle tasks and kernel threads, which have no process or are one,
// stay alone.
using BlockerRow = std::vector<const Blocker*>;

// The same for tasks of one row, and for no others; "" for one that stays
// alone. Also of those that a document holds.
std::string RowKey(absl::string_view patch, uint64_t pid,
                   absl::string_view reason, absl::string_view function);

std::vector<BlockerRow> FoldBlockers(const std::vector<Blocker>& blockers);
// A row each.
std::vector<BlockerRow> SingleRows(const std::vector<Blocker>& blockers);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_BLOCKER_FOLD_H_
