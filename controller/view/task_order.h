// SPDX-License-Identifier: GPL-2.0
// What comes before what among the tasks that block, which group each is in,
// and which a filter lets through.
#ifndef KLPX_CONTROLLER_VIEW_TASK_ORDER_H_
#define KLPX_CONTROLLER_VIEW_TASK_ORDER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/base/model.h"
#include "controller/view/task_list.h"

namespace klpx {

// Numbers that tell of trouble (age, signals) from the largest, the rest from
// the smallest; the longest waiting first among equals.
void SortTasks(std::vector<const Blocker*>& tasks, Order order, bool inverted);

// The same string for those of one group.
std::string GroupOf(const Blocker& blocker, Grouping grouping);
// What the group is called, by its first task.
std::string GroupTitle(const Blocker& blocker, Grouping grouping);

// Filter in lower case.
bool Matches(const Blocker& blocker, absl::string_view filter);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_TASK_ORDER_H_
