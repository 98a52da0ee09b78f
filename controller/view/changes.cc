// SPDX-License-Identifier: GPL-2.0
// The events between two samples.
#include "controller/view/changes.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

// Tasks named per kind of event between two samples; the rest is counted.
constexpr size_t kMostNamed = 3;
constexpr int64_t kNsPerMs = 1000000;

// Sorted by key, so that two lists can be compared in one pass.
using Tasks = std::vector<const klpx_task_info*>;

bool IsBefore(const klpx_task_info* a, const klpx_task_info* b) {
  return a->key < b->key;
}

Tasks TasksOf(const Sample& sample) {
  Tasks tasks;
  tasks.reserve(sample.blockers.size());
  for (const Blocker& blocker : sample.blockers) {
    tasks.push_back(&blocker.info);
  }
  std::sort(tasks.begin(), tasks.end(), IsBefore);
  return tasks;
}

std::string Name(const klpx_task_info& info) {
  if (info.key.idle_cpu >= 0) {
    return absl::StrCat("idle task of CPU ", info.key.idle_cpu);
  }
  return absl::StrCat(Printable(info.comm), "/", info.key.tid);
}

std::string Why(const klpx_task_info& info) {
  return absl::StrCat(ReasonWord(info.reason),
                      info.function[0] == '\0' ? "" : " ",
                      Printable(info.function));
}

bool IsSameReason(const klpx_task_info& a, const klpx_task_info& b) {
  return a.reason == b.reason &&
         std::strncmp(a.function, b.function, sizeof(a.function)) == 0;
}

// The events of one kind: the first few, and how many more there are.
class Kind {
 public:
  Kind(int64_t time_ns, Style style, absl::string_view more)
      : time_ns_(time_ns), style_(style), more_(more) {}

  // The text is only made for the tasks that are shown.
  void Add(const klpx_task_info* task, absl::FunctionRef<std::string()> text) {
    if (++count_ > kMostNamed) return;
    lines_.push_back({time_ns_, Name(*task) + text(), style_});
  }

  void AppendTo(std::vector<TopEvent>& lines) {
    lines.insert(lines.end(), lines_.begin(), lines_.end());
    if (count_ <= kMostNamed) return;
    lines.push_back(
        {time_ns_,
         absl::StrCat("and ", Count(count_ - kMostNamed, "more task"), " ",
                      more_),
         style_});
  }

 private:
  int64_t time_ns_;
  Style style_;
  absl::string_view more_;
  size_t count_ = 0;
  std::vector<TopEvent> lines_;
};

void AddTasks(const Sample& before, const Sample& after,
              std::vector<TopEvent>& lines) {
  const int64_t now = after.host.monotonic_ns;
  Kind came(now, Style::kWarning, "blocking");
  Kind changed(now, Style::kPlain, "blocking for another reason");
  Kind signalled(now, Style::kPlain, "got a fake signal");
  Kind left(now, Style::kGood, "switched, or gone");
  const Tasks old = TasksOf(before);
  auto was = old.begin();
  const auto gone_until = [&](const klpx_task_info* next) {
    for (; was != old.end() && (!next || IsBefore(*was, next)); ++was) {
      left.Add(*was, [&] { return " switched, or gone"; });
    }
  };
  for (const klpx_task_info* info : TasksOf(after)) {
    gone_until(info);
    if (was == old.end() || IsBefore(info, *was)) {
      came.Add(info, [&] { return " blocks: " + Why(*info); });
      continue;
    }
    const klpx_task_info& then = **was++;
    if (!IsSameReason(*info, then)) {
      changed.Add(info,
                  [&] { return ": " + Why(*info) + ", was " + Why(then); });
    }
    if (info->signals > then.signals) {
      signalled.Add(info, [&] {
        return absl::StrCat(" got fake signal ", info->signals);
      });
    }
  }
  gone_until(nullptr);
  for (Kind* kind : {&came, &changed, &signalled, &left}) kind->AppendTo(lines);
}

const RecentTransition* Find(const std::vector<RecentTransition>& all,
                             const RecentTransition& wanted) {
  for (const RecentTransition& one : all) {
    if (one.started_ns == wanted.started_ns && one.patch == wanted.patch) {
      return &one;
    }
  }
  return nullptr;
}

std::string EndText(const RecentTransition& now) {
  const double seconds =
      static_cast<double>((now.ended_ns - now.started_ns) / kNsPerMs) / 1000;
  const std::string patch = Printable(now.patch);
  const std::string forced =
      now.forced == 0 ? "" : absl::StrCat(", ", now.forced, " FORCED");
  const std::string reversed = now.reversals % 2 == 0 ? "" : " (reversed)";
  return absl::StrFormat("%s: %s complete in %.2f s%s%s", patch,
                         DirectionWord(now.patched), seconds, reversed, forced);
}

// From the engine's memory, so that even the shortest transition is seen.
void AddTransitions(const Sample& before, const Sample& after,
                    std::vector<TopEvent>& lines) {
  const int64_t seen = before.host.monotonic_ns;
  for (const RecentTransition& now : after.recent) {
    const RecentTransition* was = Find(before.recent, now);
    const std::string patch = Printable(now.patch);
    // Older than the last sample, which did not have it: it had dropped out of
    // the engine's memory.
    if (was == nullptr && now.started_ns < seen && now.ended_ns != 0) continue;
    if (was == nullptr) {
      lines.push_back(
          {now.started_ns,
           absl::StrCat(patch, ": ", DirectionWord(StartedForPatched(now)),
                        " started, ", Count(now.tasks, "task")),
           Style::kTitle});
    }
    const uint64_t turns = was == nullptr ? 0 : was->reversals;
    const int64_t end =
        now.ended_ns == 0 ? after.host.monotonic_ns : now.ended_ns;
    if (now.reversals > turns) {
      lines.push_back(
          {end,
           absl::StrCat(patch, ": reversed, now ", DirectionWord(now.patched)),
           Style::kWarning});
    }
    const uint64_t forced = was == nullptr ? 0 : was->forced;
    if (now.forced > forced) {
      lines.push_back(
          {end,
           absl::StrCat(patch, ": ", Count(now.forced - forced, "task"),
                        " forced"),
           Style::kBad});
    }
    if (now.ended_ns != 0 && (was == nullptr || was->ended_ns == 0)) {
      lines.push_back({now.ended_ns, EndText(now),
                       now.forced == 0 ? Style::kGood : Style::kBad});
    }
  }
}

bool IsSameTransition(const Sample& before, const Sample& after) {
  const RecentTransition* was = Running(before);
  const RecentTransition* is = Running(after);
  return was != nullptr && is != nullptr && was->started_ns == is->started_ns;
}

}  // namespace

std::vector<TopEvent> ChangesOf(const Sample& before, const Sample& after) {
  std::vector<TopEvent> lines;
  AddTransitions(before, after, lines);
  // At the end of a transition all its tasks disappear; that is one event, not
  // one per task.
  const bool both_known =
      before.blockers_missing.empty() && after.blockers_missing.empty();
  if (both_known && IsSameTransition(before, after)) {
    AddTasks(before, after, lines);
  } else if (after.blockers_missing.empty() && Running(after) != nullptr) {
    Sample nothing;
    AddTasks(nothing, after, lines);
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const TopEvent& a, const TopEvent& b) {
                     return a.time_ns < b.time_ns;
                   });
  return lines;
}

}  // namespace klpx
