// SPDX-License-Identifier: GPL-2.0
// The order of the blocking tasks, the group of each, and which of them pass a
// filter.
#ifndef KLPX_CONTROLLER_VIEW_TASK_ORDER_H_
#define KLPX_CONTROLLER_VIEW_TASK_ORDER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/base/machine.h"
#include "controller/view/task_list.h"

namespace klpx {

// Numbers that indicate trouble (age, signals) are sorted from the largest, all
// others from the smallest. Among equals, the longest blocking task comes
// first.
void SortTasks(std::vector<const Blocker*>& tasks, Order order, bool inverted);

// The same string for all tasks of one group.
std::string GroupOf(const Blocker& blocker, Grouping grouping);
// The title of the group, made from its first task.
std::string GroupTitle(const Blocker& blocker, Grouping grouping);

// The filter has to be in lower case.
bool Matches(const Blocker& blocker, absl::string_view filter);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_TASK_ORDER_H_
