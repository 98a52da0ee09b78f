// SPDX-License-Identifier: GPL-2.0
// The blocking tasks as lines.
#include "controller/view/task_list.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "absl/strings/ascii.h"
#include "controller/core/report/report_json.h"
#include "controller/view/task_order.h"

namespace klpx {
namespace {

// The next value of an enumeration; the first one after the last.
template <typename Enum>
Enum Next(Enum value, Enum last) {
  return value == last ? Enum{}
                       : static_cast<Enum>(static_cast<int>(value) + 1);
}

}  // namespace

absl::string_view GroupingWord(Grouping grouping) {
  switch (grouping) {
    case Grouping::kNone:
      return "none";
    case Grouping::kFunction:
      return "function";
    case Grouping::kReason:
      return "reason";
    case Grouping::kProcess:
      return "process";
    case Grouping::kCgroup:
      return "cgroup";
  }
  return "";
}

absl::string_view OrderWord(Order order) {
  switch (order) {
    case Order::kAge:
      return "age";
    case Order::kTid:
      return "tid";
    case Order::kPid:
      return "pid";
    case Order::kComm:
      return "comm";
    case Order::kState:
      return "state";
    case Order::kReason:
      return "reason";
    case Order::kFunction:
      return "function";
    case Order::kSignals:
      return "signals";
    case Order::kCpu:
      return "cpu";
    case Order::kCgroup:
      return "cgroup";
  }
  return "";
}

void TaskList::Take(std::shared_ptr<const Sample> sample) {
  // The lines point into the old sample: it has to outlive them.
  const std::shared_ptr<const Sample> old = std::move(sample_);
  sample_ = std::move(sample);
  Rebuild();
}

void TaskList::NextGrouping() {
  grouping_ = Next(grouping_, Grouping::kCgroup);
  unfolded_.clear();
  group_.clear();
  Rebuild();
}

void TaskList::NextOrder() {
  order_ = Next(order_, Order::kCgroup);
  inverted_ = false;
  Rebuild();
}

void TaskList::Invert() {
  inverted_ = !inverted_;
  Rebuild();
}

void TaskList::SetFilter(std::string filter) {
  filter_ = absl::AsciiStrToLower(filter);
  Rebuild();
}

void TaskList::ToggleFold() {
  if (grouping_ == Grouping::kNone || lines_.empty()) return;
  const std::string group = lines_[selected_].group;
  if (unfolded_.erase(group) == 0) unfolded_.insert(group);
  // If the selected task is folded away, its group becomes selected.
  key_ = std::nullopt;
  group_ = group;
  Rebuild();
}

void TaskList::ToggleAll() {
  const bool all =
      std::none_of(lines_.begin(), lines_.end(),
                   [](const TaskLine& line) { return line.folded; });
  unfolded_.clear();
  for (const TaskLine& line : lines_) {
    if (!all) unfolded_.insert(line.group);
  }
  if (all) key_ = std::nullopt;
  Rebuild();
}

void TaskList::Move(int lines) {
  if (lines_.empty()) return;
  const int last = static_cast<int>(lines_.size()) - 1;
  Select(std::clamp(static_cast<int>(selected_) + lines, 0, last));
}

size_t TaskList::Scroll(size_t rows) {
  if (rows == 0) return first_shown_;
  if (selected_ < first_shown_) first_shown_ = selected_;
  if (selected_ >= first_shown_ + rows) first_shown_ = selected_ - rows + 1;
  // No empty rows at the end while there are lines above.
  const size_t most = lines_.size() > rows ? lines_.size() - rows : 0;
  first_shown_ = std::min(first_shown_, most);
  return first_shown_;
}

const Blocker* TaskList::SelectedTask() const {
  return lines_.empty() ? nullptr : lines_[selected_].task;
}

void TaskList::Select(size_t line) {
  selected_ = line;
  key_ = std::nullopt;
  group_.clear();
  if (lines_.empty()) return;
  const TaskLine& selected = lines_[line];
  if (selected.task != nullptr) key_ = selected.task->info.key;
  group_ = selected.group;
}

bool TaskList::IsSelected(const TaskLine& line) const {
  if (line.task == nullptr) return !key_ && line.group == group_;
  return key_ && line.task->info.key == *key_;
}

void TaskList::Reselect() {
  const auto found =
      std::find_if(lines_.begin(), lines_.end(),
                   [this](const TaskLine& line) { return IsSelected(line); });
  // If the selected line is gone, the line now in its place becomes selected.
  const size_t line = found == lines_.end()
                          ? std::min(selected_, lines_.size())
                          : static_cast<size_t>(found - lines_.begin());
  Select(lines_.empty() ? 0 : std::min(line, lines_.size() - 1));
}

void TaskList::Rebuild() {
  lines_.clear();
  matching_ = 0;
  if (sample_ == nullptr) return;
  std::vector<const Blocker*> tasks;
  for (const Blocker& blocker : sample_->blockers) {
    if (Matches(blocker, filter_)) tasks.push_back(&blocker);
  }
  matching_ = tasks.size();
  SortTasks(tasks, order_, inverted_);
  if (grouping_ == Grouping::kNone) {
    for (const Blocker* task : tasks) lines_.push_back({task, "", "", 1, 0});
  } else {
    AddGroups(tasks);
  }
  Reselect();
}

void TaskList::AddGroups(const std::vector<const Blocker*>& tasks) {
  struct Group {
    TaskLine head;
    std::vector<const Blocker*> tasks;
  };
  std::vector<Group> groups;
  std::unordered_map<std::string, size_t> index;
  for (const Blocker* task : tasks) {
    const auto [at, is_new] =
        index.try_emplace(GroupOf(*task, grouping_), groups.size());
    if (is_new) {
      Group group;
      group.head.group = at->first;
      group.head.title = GroupTitle(*task, grouping_);
      group.head.folded = !unfolded_.contains(at->first);
      groups.push_back(std::move(group));
    }
    Group& group = groups[at->second];
    group.head.count++;
    const auto age = AgeMs(task->info, sample_->host.monotonic_ns);
    group.head.oldest_ms = std::max(group.head.oldest_ms, age.value_or(0));
    group.tasks.push_back(task);
  }
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    if (a.head.count != b.head.count) return a.head.count > b.head.count;
    return a.head.title < b.head.title;
  });
  for (Group& group : groups) {
    const std::string name = group.head.group;
    const bool folded = group.head.folded;
    lines_.push_back(std::move(group.head));
    if (folded) continue;
    for (const Blocker* task : group.tasks) {
      lines_.push_back({task, name, "", 1, 0});
    }
  }
}

}  // namespace klpx
