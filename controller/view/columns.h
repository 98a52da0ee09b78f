// SPDX-License-Identifier: GPL-2.0
// The columns of the list of tasks: those of 'blocking', as many as fit.
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

// From left to right, one blank between two. Where there is no room for all,
// those go first that tell least.
std::vector<Column> FitColumns(const Sample& sample, int width);

std::string CellText(const Column& column, const Blocker& blocker,
                     const Sample& sample);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_COLUMNS_H_
