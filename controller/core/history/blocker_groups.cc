// SPDX-License-Identifier: GPL-2.0
// Groups threads of one process that blocked for the same reason.
#include "controller/core/history/blocker_groups.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "controller/core/base/text.h"

namespace klpx {

uint64_t BlockerGroup::SinceNs() const {
  uint64_t since = 0;
  for (const BlockerRecord* task : tasks) {
    if (task->since_ns == 0) continue;
    since = since == 0 ? task->since_ns : std::min(since, task->since_ns);
  }
  return since;
}

uint64_t BlockerGroup::SeenNs() const {
  uint64_t seen = 0;
  for (const BlockerRecord* task : tasks) seen = std::max(seen, task->seen_ns);
  return seen;
}

std::vector<BlockerGroup> GroupBlockers(
    const std::vector<BlockerRecord>& blocked) {
  std::vector<BlockerGroup> groups;
  std::map<std::tuple<uint32_t, std::string, std::string>, size_t> places;
  for (const BlockerRecord& task : blocked) {
    const auto [at, is_new] = places.try_emplace(
        std::tuple(task.pid, task.reason, task.function), groups.size());
    if (is_new || task.pid == 0) {
      groups.push_back({{&task}});
    } else {
      groups[at->second].tasks.push_back(&task);
    }
  }
  return groups;
}

std::string GroupName(const BlockerGroup& group) {
  const BlockerRecord& first = group.first();
  if (group.alone()) {
    return absl::StrCat(Printable(first.comm), "/", first.key.tid);
  }
  return absl::StrCat(group.tasks.size(), " threads of ", Printable(first.comm),
                      "/", first.pid);
}

std::string TaskNames(const std::vector<const BlockerRecord*>& tasks,
                      size_t most) {
  std::string text;
  for (size_t i = 0; i < std::min(tasks.size(), most); i++) {
    absl::StrAppend(&text, i == 0 ? "" : ", ", Printable(tasks[i]->comm), "/",
                    tasks[i]->key.tid);
  }
  if (tasks.size() > most) {
    absl::StrAppend(&text, " and ", tasks.size() - most, " more");
  }
  return text;
}

}  // namespace klpx
