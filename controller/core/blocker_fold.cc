// SPDX-License-Identifier: GPL-2.0
// Tasks in the way now, as rows of a table.
#include "controller/core/blocker_fold.h"

#include <map>
#include <string>
#include <tuple>

namespace klpx {

std::vector<BlockerRow> FoldBlockers(const std::vector<Blocker>& blockers) {
  std::vector<BlockerRow> rows;
  std::map<std::tuple<std::string, uint32_t, klpx_reason, std::string>, size_t>
      places;
  for (const Blocker& blocker : blockers) {
    const klpx_task_info& info = blocker.info;
    const auto [at, is_new] =
        places.try_emplace(std::tuple(std::string(info.patch), info.pid,
                                      info.reason, std::string(info.function)),
                           rows.size());
    if (is_new || info.pid == 0) {
      rows.push_back({&blocker});
    } else {
      rows[at->second].push_back(&blocker);
    }
  }
  return rows;
}

std::vector<BlockerRow> SingleRows(const std::vector<Blocker>& blockers) {
  std::vector<BlockerRow> rows;
  for (const Blocker& blocker : blockers) rows.push_back({&blocker});
  return rows;
}

}  // namespace klpx
