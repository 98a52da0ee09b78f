// SPDX-License-Identifier: GPL-2.0
// The blockers of a klp.blocking/v1 document, made ready to be asked often.
#include "controller/core/blocker_table.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/json_read.h"
#include "controller/core/stack_fold.h"

namespace klpx {
namespace {

using Counts = std::map<std::string, uint64_t>;

Json GroupsOf(const Counts& counts) {
  std::vector<std::pair<std::string, uint64_t>> groups(counts.begin(),
                                                       counts.end());
  std::stable_sort(
      groups.begin(), groups.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  uint64_t others = 0;
  while (groups.size() > kMostGroups) {
    others += groups.back().second;
    groups.pop_back();
  }
  if (others > 0) groups.emplace_back("(others)", others);
  Json json = Json::array();
  for (const auto& [name, count] : groups) {
    json.push_back({{"name", name}, {"count", count}});
  }
  return json;
}

std::vector<std::string> StackOf(const Json& blocker) {
  std::vector<std::string> stack;
  for (const Json& frame : ListOf(blocker, "stack")) {
    if (frame.is_string()) stack.push_back(frame.get<std::string>());
  }
  return stack;
}

// Idle tasks of all CPUs are one process to a reader.
std::string ProcessOf(const Json& blocker, const std::string& comm) {
  if (!FieldOf(blocker, "idle_cpu").is_null()) return "(idle)";
  return absl::StrCat(comm, "/", CountOf(blocker, "pid").value_or(0));
}

std::string SearchedOf(const Json& blocker) {
  std::string text = absl::StrCat(CountOf(blocker, "tid").value_or(0), "\n",
                                  CountOf(blocker, "pid").value_or(0));
  for (const char* name : {"comm", "function", "cmdline", "cgroup"}) {
    absl::StrAppend(&text, "\n", StringOf(blocker, name));
  }
  return absl::AsciiStrToLower(text);
}

}  // namespace

BlockerTable::BlockerTable(Json blocking) : document_(std::move(blocking)) {
  Counts reasons;
  Counts functions;
  Counts processes;
  StackFold fold;
  uint64_t oldest_ms = 0;
  for (const Json& blocker : ListOf(document_, "blockers")) {
    Row row;
    row.age_ms = CountOf(blocker, "age_ms").value_or(0);
    row.tid = CountOf(blocker, "tid").value_or(0);
    row.comm = StringOf(blocker, "comm");
    row.reason = StringOf(blocker, "reason");
    row.function = StringOf(blocker, "function");
    row.searched = SearchedOf(blocker);
    reasons[row.reason]++;
    if (!row.function.empty()) functions[row.function]++;
    processes[ProcessOf(blocker, row.comm)]++;
    fold.Add(StackOf(blocker), row.reason);
    oldest_ms = std::max(oldest_ms, row.age_ms);
    rows_.push_back(std::move(row));
  }
  summary_["total"] = rows_.size();
  summary_["oldest_ms"] = rows_.empty() ? Json(nullptr) : Json(oldest_ms);
  summary_["reasons"] = GroupsOf(reasons);
  summary_["functions"] = GroupsOf(functions);
  summary_["processes"] = GroupsOf(processes);
  summary_["stacks"] = fold.Tree();
  summary_["stacks_dropped"] = fold.dropped();
}

bool BlockerTable::Matches(const Row& row, const BlockerQuery& query) const {
  return (query.reason.empty() || row.reason == query.reason) &&
         (query.function.empty() || row.function == query.function) &&
         (query.text.empty() ||
          absl::StrContains(row.searched, absl::AsciiStrToLower(query.text)));
}

std::string BlockerTable::Page(const BlockerQuery& query) const {
  if (document_.is_null()) return "null\n";
  std::vector<size_t> found;
  for (size_t i = 0; i < rows_.size(); i++) {
    if (Matches(rows_[i], query)) found.push_back(i);
  }
  std::stable_sort(found.begin(), found.end(), [&](size_t left, size_t right) {
    const Row& a = rows_[left];
    const Row& b = rows_[right];
    if (query.sort == "tid") return a.tid < b.tid;
    if (query.sort == "comm") return a.comm < b.comm;
    if (query.sort == "reason") return a.reason < b.reason;
    if (query.sort == "function") return a.function < b.function;
    return a.age_ms > b.age_ms;
  });
  Json page = Json::object();
  for (const auto& [name, value] : document_.items()) {
    if (name != "blockers") page[name] = value;
  }
  page["total"] = rows_.size();
  page["matched"] = found.size();
  page["offset"] = query.offset;
  page["blockers"] = Json::array();
  const size_t limit = query.limit == 0 ? found.size() : query.limit;
  for (size_t i = query.offset; i < found.size() && i - query.offset < limit;
       i++) {
    page["blockers"].push_back(document_["blockers"][found[i]]);
  }
  return DumpLine(page);
}

}  // namespace klpx
