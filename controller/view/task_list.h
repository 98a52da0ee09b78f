// SPDX-License-Identifier: GPL-2.0
// The blocking tasks as lines: grouped, sorted, filtered, with one selected.
// The selection follows its task or group, wherever the next sample puts it.
#ifndef KLPX_CONTROLLER_VIEW_TASK_LIST_H_
#define KLPX_CONTROLLER_VIEW_TASK_LIST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/view/sample.h"

namespace klpx {

enum class Grouping { kNone, kFunction, kReason, kProcess, kCgroup };

enum class Order {
  kAge,
  kTid,
  kPid,
  kComm,
  kState,
  kReason,
  kFunction,
  kSignals,
  kCpu,
  kCgroup
};

absl::string_view GroupingWord(Grouping grouping);
absl::string_view OrderWord(Order order);

// A task, or the head of a group.
struct TaskLine {
  const Blocker* task = nullptr;  // of the sample; nullptr: a group
  std::string group;              // identifies the group
  std::string title;
  size_t count = 0;
  uint64_t oldest_ms = 0;
  bool folded = false;
};

class TaskList {
 public:
  void Take(std::shared_ptr<const Sample> sample);

  void NextGrouping();
  void NextOrder();
  void Invert();
  // The words must all occur in a task's columns; case does not matter.
  void SetFilter(std::string filter);
  // Acts on the selected group, or on the group of the selected task.
  void ToggleFold();
  // Unfolds all groups, or folds them if none is folded.
  void ToggleAll();

  void Move(int lines);
  void MoveToStart() { Select(0); }
  void MoveToEnd() { Select(lines_.empty() ? 0 : lines_.size() - 1); }
  // The first of `rows` lines to show, so that the selected one is among them.
  size_t Scroll(size_t rows);

  const std::vector<TaskLine>& lines() const { return lines_; }
  size_t selected() const { return selected_; }
  const Blocker* SelectedTask() const;
  Grouping grouping() const { return grouping_; }
  Order order() const { return order_; }
  bool inverted() const { return inverted_; }
  const std::string& filter() const { return filter_; }
  // The number of tasks that pass the filter.
  size_t matching() const { return matching_; }

 private:
  void Rebuild();
  void AddGroups(const std::vector<const Blocker*>& tasks);
  void Select(size_t line);
  void Reselect();
  bool IsSelected(const TaskLine& line) const;

  std::shared_ptr<const Sample> sample_;
  Grouping grouping_ = Grouping::kNone;
  Order order_ = Order::kAge;
  bool inverted_ = false;
  std::string filter_;
  std::set<std::string> unfolded_;
  std::vector<TaskLine> lines_;
  size_t matching_ = 0;
  size_t selected_ = 0;
  size_t first_shown_ = 0;
  // Identify the selected task or group in the next sample.
  std::optional<klpx_task_key> key_;
  std::string group_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VIEW_TASK_LIST_H_
