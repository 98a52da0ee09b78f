// SPDX-License-Identifier: GPL-2.0
// Blocking tasks as rows of a table.
#include "controller/core/transition/blocker_fold.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"

namespace klpx {

std::string RowKey(absl::string_view patch, uint64_t pid,
                   absl::string_view reason, absl::string_view function) {
  if (pid == 0) return "";
  return absl::StrCat(pid, "/", reason, "/", patch, "/", function);
}

std::vector<BlockerRow> FoldBlockers(const std::vector<Blocker>& blockers) {
  std::vector<BlockerRow> rows;
  std::map<std::string, size_t> places;
  for (const Blocker& blocker : blockers) {
    const klpx_task_info& info = blocker.info;
    const std::string key =
        RowKey(info.patch, info.pid, ReasonWord(info.reason), info.function);
    const auto [at, is_new] = places.try_emplace(key, rows.size());
    if (is_new || key.empty()) {
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
