// SPDX-License-Identifier: GPL-2.0
// Which tasks would hold up a transition that started now, and how it would go.
// The rules are those of the engine, whose pure parts decide here too: a task
// blocks while one of its return addresses is in a function being replaced.
#include "controller/core/preflight/forecast.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "controller/core/base/abi.h"
#include "controller/core/kernel/code_ranges.h"

namespace klpx {
namespace {

// "Always" is claimed only after this many looks.
constexpr int kEnoughLooks = 3;

constexpr absl::string_view kSchedulerStart = "__sched_text_start";
constexpr absl::string_view kSchedulerEnd = "__sched_text_end";

// The innermost function that blocks, as the engine reports it.
const ForbiddenRange* FindOnStack(const CodeRanges<ForbiddenRange>& forbidden,
                                  const AddressRange& scheduler,
                                  const TaskStack& task) {
  for (const uint64_t word : task.innermost) {
    if (word < scheduler.start || word >= scheduler.end) continue;
    const ForbiddenRange* found = forbidden.Find(word);
    if (found != nullptr) return found;
  }
  return forbidden.FindFirst(task.frames);
}

Obstacle ObstacleOf(const TaskInTheWay& entry, int looks) {
  const TaskStack& task = entry.task;
  if (looks > 1 && entry.seen < looks) return Obstacle::kPassing;
  if (task.kthread) return Obstacle::kKthread;
  const klpx_reason reason =
      klpx_reason_on_function(task.task_state, /*exiting=*/false);
  if (reason == KLPX_STOPPED) return Obstacle::kStopped;
  if (reason == KLPX_UNINTERRUPTIBLE) return Obstacle::kUninterruptible;
  return Obstacle::kSignal;
}

Outlook OutlookOf(const Forecast& forecast, bool stops_machine) {
  Outlook outlook = Outlook::kAtOnce;
  for (const TaskInTheWay& entry : forecast.in_the_way) {
    Outlook wanted = Outlook::kNever;
    if (entry.obstacle == Obstacle::kPassing) wanted = Outlook::kSoon;
    if (entry.obstacle == Obstacle::kSignal) wanted = Outlook::kSignal;
    outlook = std::max(outlook, wanted);
  }
  const bool asleep = outlook == Outlook::kSignal || outlook == Outlook::kNever;
  return stops_machine && asleep ? Outlook::kWouldBeRefused : outlook;
}

// Gathers tasks by tid and functions by name over all looks.
class Tally {
 public:
  void Add(const TaskStack& task, const ForbiddenRange& range) {
    TaskInTheWay& entry = tasks_[task.tid];
    entry.task = task;
    entry.object = range.object;
    entry.function = range.function;
    entry.seen++;
    const auto key = std::tuple(range.object, range.function);
    seen_now_.insert(key);
    tids_[key].insert(task.tid);
  }

  // A task on a CPU has no stack to read.
  void AddRunning(const TaskStack& task) {
    if (task.kthread && ++on_cpu_[task.tid].second > 0) {
      on_cpu_[task.tid].first = task;
    }
  }

  void EndLook() {
    for (const auto& key : seen_now_) looks_[key]++;
    seen_now_.clear();
  }

  void Move(Forecast& forecast) {
    for (auto& [tid, entry] : tasks_) {
      entry.obstacle = ObstacleOf(entry, forecast.looks);
      forecast.in_the_way.push_back(std::move(entry));
    }
    std::stable_sort(forecast.in_the_way.begin(), forecast.in_the_way.end(),
                     [](const TaskInTheWay& a, const TaskInTheWay& b) {
                       return a.seen > b.seen;
                     });
    for (const auto& [key, looks] : looks_) {
      const auto& [object, function] = key;
      forecast.functions.push_back(
          {object, function, looks, static_cast<int>(tids_[key].size())});
    }
    for (const auto& [tid, seen] : on_cpu_) {
      if (forecast.looks < kEnoughLooks || seen.second < forecast.looks) {
        continue;
      }
      forecast.spinning.push_back(seen.first);
    }
  }

 private:
  using Key = std::tuple<std::string, std::string>;
  std::map<uint32_t, TaskInTheWay> tasks_;
  std::set<Key> seen_now_;
  std::map<Key, int> looks_;
  std::map<Key, std::set<uint32_t>> tids_;
  std::map<uint32_t, std::pair<TaskStack, int>> on_cpu_;
};

}  // namespace

absl::string_view ObstacleWord(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::kPassing:
      return "passing";
    case Obstacle::kSignal:
      return "signal";
    case Obstacle::kLeftAlone:
      return "left-alone";
    case Obstacle::kUninterruptible:
      return "uninterruptible";
    case Obstacle::kKthread:
      return "kthread";
    case Obstacle::kStopped:
      return "stopped-or-traced";
  }
  return "passing";
}

absl::string_view OutlookWord(Outlook outlook) {
  switch (outlook) {
    case Outlook::kAtOnce:
      return "at-once";
    case Outlook::kSoon:
      return "soon";
    case Outlook::kSignal:
      return "after-signal";
    case Outlook::kNever:
      return "never";
    case Outlook::kWouldBeRefused:
      return "refused";
  }
  return "at-once";
}

FunctionSet SchedulerBounds() {
  return {FunctionKey(kVmlinux, kSchedulerStart),
          FunctionKey(kVmlinux, kSchedulerEnd)};
}

Forbidden FindForbidden(const PatchDescription& patch,
                        const FunctionTable& places) {
  Forbidden forbidden;
  for (const PatchedFunction& function : patch.functions) {
    const auto found = places.find({function.object, function.name});
    if (found == places.end()) continue;
    const auto add = [&](const AddressRange& range) {
      if (range.start == range.end) return;
      forbidden.ranges.push_back({range, function.object, function.name});
    };
    const auto& [bodies, parts, variants] = found->second;
    for (size_t i = 0; i < bodies.size(); i++) {
      if (function.sympos == 0 || function.sympos == i + 1) add(bodies[i]);
    }
    // kallsyms does not say which cold range belongs to which body.
    for (const AddressRange& range : parts) add(range);
  }
  const auto start = places.find(FunctionKey(kVmlinux, kSchedulerStart));
  const auto end = places.find(FunctionKey(kVmlinux, kSchedulerEnd));
  if (start != places.end() && end != places.end()) {
    forbidden.scheduler = {start->second.bodies.front().start,
                           end->second.bodies.front().start};
  }
  return forbidden;
}

Forecast Foresee(const std::vector<std::vector<TaskStack>>& looks,
                 const Forbidden& forbidden, bool stops_machine) {
  Forecast forecast;
  forecast.looks = static_cast<int>(looks.size());
  const CodeRanges ranges(forbidden.ranges);
  Tally tally;
  for (const std::vector<TaskStack>& look : looks) {
    for (const TaskStack& task : look) {
      const ForbiddenRange* range =
          FindOnStack(ranges, forbidden.scheduler, task);
      if (range != nullptr) tally.Add(task, *range);
      if (task.on_cpu) tally.AddRunning(task);
    }
    tally.EndLook();
  }
  tally.Move(forecast);
  if (!looks.empty()) {
    forecast.tasks = looks.back().size();
    forecast.running =
        std::count_if(looks.back().begin(), looks.back().end(),
                      [](const TaskStack& task) { return task.on_cpu; });
  }
  FollowPolicy(
      forecast, [](const TaskInTheWay&) { return PushPlan(); }, stops_machine);
  return forecast;
}

void FollowPolicy(Forecast& forecast, const PlanOf& plan, bool stops_machine) {
  bool any = false;
  forecast.signals_until = absl::ZeroDuration();
  for (TaskInTheWay& entry : forecast.in_the_way) {
    if (entry.obstacle != Obstacle::kSignal) continue;
    const PushPlan planned = plan(entry);
    if (!planned.signal_after) {
      entry.obstacle = Obstacle::kLeftAlone;
      entry.rule = planned.rule;
      continue;
    }
    const absl::Duration after = *planned.signal_after;
    forecast.signals_from =
        any ? std::min(forecast.signals_from, after) : after;
    forecast.signals_until = std::max(forecast.signals_until, after);
    any = true;
  }
  forecast.outlook = OutlookOf(forecast, stops_machine);
}

bool IsAlwaysOnStack(const FunctionInTheWay& function,
                     const Forecast& forecast) {
  return forecast.looks >= kEnoughLooks && function.seen == forecast.looks;
}

}  // namespace klpx
