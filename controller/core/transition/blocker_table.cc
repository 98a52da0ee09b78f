// SPDX-License-Identifier: GPL-2.0
// The blockers of a klp.blocking/v1 document, indexed for many queries.
#include "controller/core/transition/blocker_table.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/json_read.h"
#include "controller/core/transition/blocker_fold.h"
#include "controller/core/transition/flame_graph.h"

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

// A reader sees the idle tasks of all CPUs as one process.
std::string ProcessOf(const Json& blocker, const std::string& comm) {
  if (!FieldOf(blocker, "idle_cpu").is_null()) return "(idle)";
  return absl::StrCat(comm, "/", CountOf(blocker, "pid").value_or(0));
}

std::string SearchedOf(const Json& blocker) {
  std::string text = absl::StrCat(CountOf(blocker, "tid").value_or(0), "\n",
                                  CountOf(blocker, "pid").value_or(0));
  for (const char* name : {"comm", "function", "cmdline", "cgroup", "user"}) {
    absl::StrAppend(&text, "\n", StringOf(blocker, name));
  }
  return absl::AsciiStrToLower(text);
}

// A task with a row of its own is identified by its position.
std::string KeyOf(const Json& blocker, size_t place) {
  std::string key =
      RowKey(StringOf(blocker, "patch"), CountOf(blocker, "pid").value_or(0),
             StringOf(blocker, "reason"), StringOf(blocker, "function"));
  return key.empty() ? absl::StrCat("/", place) : key;
}

}  // namespace

BlockerTable::BlockerTable(Json blocking) : document_(std::move(blocking)) {
  Counts reasons;
  Counts functions;
  Counts processes;
  FlameGraph graph;
  uint64_t oldest_ms = 0;
  for (const Json& blocker : ListOf(document_, "blockers")) {
    Row row;
    row.age_ms = CountOf(blocker, "age_ms").value_or(0);
    row.tid = CountOf(blocker, "tid").value_or(0);
    row.comm = StringOf(blocker, "comm");
    row.reason = StringOf(blocker, "reason");
    row.function = StringOf(blocker, "function");
    row.searched = SearchedOf(blocker);
    row.key = KeyOf(blocker, rows_.size());
    reasons[row.reason]++;
    if (!row.function.empty()) functions[row.function]++;
    processes[ProcessOf(blocker, row.comm)]++;
    graph.Add(StackOf(blocker), row.reason);
    oldest_ms = std::max(oldest_ms, row.age_ms);
    rows_.push_back(std::move(row));
  }
  summary_["total"] = rows_.size();
  summary_["oldest_ms"] = rows_.empty() ? Json(nullptr) : Json(oldest_ms);
  summary_["reasons"] = GroupsOf(reasons);
  summary_["functions"] = GroupsOf(functions);
  summary_["processes"] = GroupsOf(processes);
  summary_["stacks"] = graph.Tree();
  summary_["stacks_dropped"] = graph.dropped();
}

bool BlockerTable::Matches(const Row& row, const BlockerQuery& query) const {
  return (query.reason.empty() || row.reason == query.reason) &&
         (query.function.empty() || row.function == query.function) &&
         (query.group.empty() || row.key == query.group) &&
         (query.text.empty() ||
          absl::StrContains(row.searched, absl::AsciiStrToLower(query.text)));
}

std::vector<size_t> BlockerTable::Find(const BlockerQuery& query) const {
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
  return found;
}

Json BlockerTable::Head(const BlockerQuery& query, size_t matched) const {
  Json head = Json::object();
  for (const auto& [name, value] : document_.items()) {
    if (name != "blockers") head[name] = value;
  }
  head["total"] = rows_.size();
  head["matched"] = matched;
  head["offset"] = query.offset;
  return head;
}

std::string BlockerTable::Page(const BlockerQuery& query) const {
  if (document_.is_null()) return "null\n";
  const std::vector<size_t> found = Find(query);
  Json page = Head(query, found.size());
  page["blockers"] = Json::array();
  const size_t limit = query.limit == 0 ? found.size() : query.limit;
  for (size_t i = query.offset; i < found.size() && i - query.offset < limit;
       i++) {
    page["blockers"].push_back(document_["blockers"][found[i]]);
  }
  return DumpLine(page);
}

Json BlockerTable::Group(const std::vector<size_t>& rows) const {
  const Json& blockers = document_["blockers"];
  Json group = blockers[rows.front()];
  uint64_t oldest_ms = 0;
  uint64_t signals = 0;
  for (const size_t row : rows) {
    const Json& blocker = blockers[row];
    oldest_ms = std::max(oldest_ms, rows_[row].age_ms);
    signals = std::max(signals, CountOf(blocker, "signals").value_or(0));
    for (auto& [name, value] : group.items()) {
      if (name != "comm" && value != FieldOf(blocker, name.c_str())) {
        value = nullptr;
      }
    }
    // A process has the name of its first thread.
    if (rows_[row].tid == CountOf(blocker, "pid").value_or(0)) {
      group["comm"] = rows_[row].comm;
    }
  }
  group["key"] = rows_[rows.front()].key;
  group["count"] = rows.size();
  if (rows.size() == 1) return group;
  group["age_ms"] = oldest_ms;
  group["signals"] = signals;
  return group;
}

std::string BlockerTable::GroupedPage(const BlockerQuery& query) const {
  if (document_.is_null()) return "null\n";
  const std::vector<size_t> found = Find(query);
  std::vector<std::vector<size_t>> groups;
  std::map<absl::string_view, size_t> places;
  for (const size_t row : found) {
    const auto [at, is_new] = places.try_emplace(rows_[row].key, groups.size());
    if (is_new) groups.emplace_back();
    groups[at->second].push_back(row);
  }
  Json page = Head(query, found.size());
  page["rows"] = groups.size();
  page["groups"] = Json::array();
  const size_t limit = query.limit == 0 ? groups.size() : query.limit;
  for (size_t i = query.offset; i < groups.size() && i - query.offset < limit;
       i++) {
    page["groups"].push_back(Group(groups[i]));
  }
  return DumpLine(page);
}

}  // namespace klpx
