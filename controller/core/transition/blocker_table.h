// SPDX-License-Identifier: GPL-2.0
// The blockers of a klp.blocking/v1 document, indexed for many queries: counts
// by reason, function and process, where their stacks meet, and one page of a
// filtered table at a time, so that 20,000 blockers cost a reader little.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_BLOCKER_TABLE_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_BLOCKER_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "controller/core/base/json.h"

namespace klpx {

// Groups shown of each kind; the rest becomes one group, "(others)".
inline constexpr size_t kMostGroups = 20;

struct BlockerQuery {
  std::string reason;        // "" for any
  std::string function;      // "" for any
  std::string text;          // in comm, cmdline, cgroup, user, function, tid
  std::string group;         // "key" of a group: only its tasks; "" for any
  std::string sort = "age";  // "age", "tid", "comm", "reason", "function"
  size_t offset = 0;
  size_t limit = 0;  // 0: all
};

class BlockerTable {
 public:
  // Takes the document; null stands for no blockers.
  explicit BlockerTable(Json blocking);

  // {"total", "oldest_ms", "reasons", "functions", "processes", "stacks",
  //  "stacks_dropped"}; groups are [{"name", "count"}], the largest first.
  const Json& summary() const { return summary_; }

  // The document with the blockers that match, and "total", "matched",
  // "offset" beside them. null if there is no document.
  std::string Page(const BlockerQuery& query) const;

  // The same as "groups" of tasks, folded as 'blocking' does (blocker_fold.h),
  // each as a blocker with "key" and "count": fields that its tasks do not
  // share are null, the age is that of the oldest task. "rows" is the number of
  // matching groups; offset and limit count groups.
  std::string GroupedPage(const BlockerQuery& query) const;

 private:
  struct Row {
    uint64_t age_ms = 0;
    uint64_t tid = 0;
    std::string comm;
    std::string reason;
    std::string function;
    std::string key;       // of its group
    std::string searched;  // lower case
  };

  bool Matches(const Row& row, const BlockerQuery& query) const;
  std::vector<size_t> Find(const BlockerQuery& query) const;
  Json Head(const BlockerQuery& query, size_t matched) const;
  Json Group(const std::vector<size_t>& rows) const;

  Json document_;
  std::vector<Row> rows_;  // as in document_["blockers"]
  Json summary_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_BLOCKER_TABLE_H_
