// SPDX-License-Identifier: GPL-2.0
// The columns of the list of tasks: as many of those of 'blocking' as fit.
#ifndef KLPX_CONTROLLER_VIEW_COLUMNS_H_
#define KLPX_CONTROLLER_VIEW_COLUMNS_H_

#include <string>
#include <vector>

#include "controller/view/sample.h"
#include "controller/view/task_list.h"

namespace klpx {

struct Column {
  Order order;  // what it shows
  absl::string_view title;
  int width;
};

// From left to right, with one blank between two. If not all fit, the least
// informative ones are dropped first.
std::vector<Column> FitColumns(const Sample& sample, int width);

std::string CellText(const Column& column, const Blocker& blocker,
                     const Sample& sample);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_COLUMNS_H_
