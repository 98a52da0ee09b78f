// SPDX-License-Identifier: GPL-2.0
// Who would hold up a transition that started now, and how it would go. The
// rules are those of the engine: a task is in the way while one of its return
// addresses is in a function that is taken away.
#include "controller/core/forecast.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

// Always on a stack: said only after so many looks.
constexpr int kLooksToTell = 3;

// task->__state (include/linux/sched.h).
constexpr uint32_t kUninterruptible = 0x2;
constexpr uint32_t kStoppedOrTraced = 0x4 | 0x8;

constexpr absl::string_view kSchedulerStart = "__sched_text_start";
constexpr absl::string_view kSchedulerEnd = "__sched_text_end";

const ForbiddenRange* FindRange(const Forbidden& forbidden, uint64_t address) {
  const auto next = std::upper_bound(
      forbidden.ranges.begin(), forbidden.ranges.end(), address,
      [](uint64_t wanted, const ForbiddenRange& candidate) {
        return wanted < candidate.range.start;
      });
  if (next == forbidden.ranges.begin()) return nullptr;
  const ForbiddenRange& found = *std::prev(next);
  return address < found.range.end ? &found : nullptr;
}

// The innermost function in the way, as the engine names it.
const ForbiddenRange* FindOnStack(const Forbidden& forbidden,
                                  const TaskStack& task) {
  const AddressRange& scheduler = forbidden.scheduler;
  for (const uint64_t word : task.innermost) {
    if (word < scheduler.start || word >= scheduler.end) continue;
    const ForbiddenRange* found = FindRange(forbidden, word);
    if (found != nullptr) return found;
  }
  for (const uint64_t frame : task.frames) {
    const ForbiddenRange* found = FindRange(forbidden, frame);
    if (found != nullptr) return found;
  }
  return nullptr;
}

Obstacle ObstacleOf(const TaskInTheWay& entry, int looks) {
  const TaskStack& task = entry.task;
  if (looks > 1 && entry.seen < looks) return Obstacle::kPassing;
  if (task.kthread) return Obstacle::kKthread;
  if (task.task_state & kStoppedOrTraced) return Obstacle::kStopped;
  if (task.task_state & kUninterruptible) return Obstacle::kUninterruptible;
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

// Gathers, over all looks, tasks by tid and functions by name.
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
  }

 private:
  using Key = std::tuple<std::string, std::string>;
  std::map<uint32_t, TaskInTheWay> tasks_;
  std::set<Key> seen_now_;
  std::map<Key, int> looks_;
  std::map<Key, std::set<uint32_t>> tids_;
};

std::string Example(const Forecast& forecast, Obstacle least) {
  for (const TaskInTheWay& entry : forecast.in_the_way) {
    if (entry.obstacle < least) continue;
    return absl::StrCat("'", Printable(entry.task.comm), "' (tid ",
                        entry.task.tid, ") in ", entry.function, "()");
  }
  return "";
}

size_t CountFrom(const Forecast& forecast, Obstacle first, Obstacle last) {
  return std::count_if(forecast.in_the_way.begin(), forecast.in_the_way.end(),
                       [&](const TaskInTheWay& entry) {
                         return entry.obstacle >= first &&
                                entry.obstacle <= last;
                       });
}

Findings SleeperFindings(const Forecast& forecast) {
  const size_t for_good =
      CountFrom(forecast, Obstacle::kUninterruptible, Obstacle::kStopped);
  const size_t signalled =
      CountFrom(forecast, Obstacle::kSignal, Obstacle::kSignal);
  if (forecast.outlook == Outlook::kWouldBeRefused) {
    return {{FindingCode::kMachineNotStopped, "", "",
             absl::StrCat("it stops the machine, which is refused with ",
                          Count(for_good + signalled, "task"), " in the way: ",
                          Example(forecast, Obstacle::kSignal)),
             "end what they do first, or give it the model 'tasks'"}};
  }
  if (for_good > 0) {
    return {{FindingCode::kBlocksForGood, "", "",
             absl::StrCat(Count(for_good, "task"),
                          " in the way that no signal moves: ",
                          Example(forecast, Obstacle::kUninterruptible)),
             "the transition does not end before they leave by themselves"}};
  }
  if (signalled == 0) return {};
  return {{FindingCode::kBlocksUntilSignal, "", "",
           absl::StrCat(Count(signalled, "task"), " asleep in the way: ",
                        Example(forecast, Obstacle::kSignal)),
           "the engine wakes them with a signal that they do not see after "
           "15 s, 'klp-controller signal' at once"}};
}

}  // namespace

absl::string_view ObstacleWord(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::kPassing:
      return "passing";
    case Obstacle::kSignal:
      return "signal";
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
    // Which part belongs to which body kallsyms does not say.
    for (const AddressRange& range : parts) add(range);
  }
  std::sort(forbidden.ranges.begin(), forbidden.ranges.end(),
            [](const ForbiddenRange& a, const ForbiddenRange& b) {
              return a.range.start < b.range.start;
            });
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
  Tally tally;
  for (const std::vector<TaskStack>& look : looks) {
    for (const TaskStack& task : look) {
      const ForbiddenRange* range = FindOnStack(forbidden, task);
      if (range != nullptr) tally.Add(task, *range);
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
  forecast.outlook = OutlookOf(forecast, stops_machine);
  return forecast;
}

bool IsAlwaysOnStack(const FunctionInTheWay& function,
                     const Forecast& forecast) {
  return forecast.looks >= kLooksToTell && function.seen == forecast.looks;
}

std::string OutlookSentence(const Forecast& forecast) {
  const std::string who = Count(forecast.in_the_way.size(), "task");
  switch (forecast.outlook) {
    case Outlook::kAtOnce:
      return "it would complete at once: no task is in the way";
    case Outlook::kSoon:
      return absl::StrCat("it would complete soon: ", who,
                          " in the way, seen to come and go");
    case Outlook::kSignal:
      return absl::StrCat("it would wait for ", who,
                          ", and complete when a signal has woken them");
    case Outlook::kNever:
      return absl::StrCat("it would wait for ", who,
                          ", and not complete before those have left that no "
                          "signal moves");
    case Outlook::kWouldBeRefused:
      return absl::StrCat("it would be refused: it stops the machine, with ",
                          who, " in the way");
  }
  return "";
}

Findings FindingsOf(const Forecast& forecast) {
  Findings findings;
  for (const FunctionInTheWay& function : forecast.functions) {
    if (!IsAlwaysOnStack(function, forecast)) continue;
    findings.push_back(
        {FindingCode::kAlwaysOnStack, function.object, function.function,
         absl::StrCat("function '", function.function,
                      "' was on the stack of some task at each of ",
                      forecast.looks, " looks (", Count(function.tasks, "task"),
                      ")"),
         "a function that somebody is always in is better not patched; patch "
         "what it calls"});
  }
  Append(SleeperFindings(forecast), findings);
  return findings;
}

}  // namespace klpx
