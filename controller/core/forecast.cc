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
#include "absl/strings/str_join.h"
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

  // On a CPU, so without a stack.
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
      if (forecast.looks < kLooksToTell || seen.second < forecast.looks) {
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

std::string NameOf(const TaskStack& task) {
  return absl::StrCat("'", Printable(task.comm), "' (tid ", task.tid, ")");
}

// The first whose obstacle is one of these.
std::string Example(const Forecast& forecast, Obstacle first, Obstacle last) {
  for (const TaskInTheWay& entry : forecast.in_the_way) {
    if (entry.obstacle < first || entry.obstacle > last) continue;
    return absl::StrCat(NameOf(entry.task), " in ", entry.function, "()");
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

// "rules databases, [default]", each once.
std::string RulesWords(const Forecast& forecast) {
  std::set<std::string> rules;
  for (const TaskInTheWay& entry : forecast.in_the_way) {
    if (!entry.rule.empty()) rules.insert(Printable(entry.rule));
  }
  if (rules.empty()) return "";
  return absl::StrCat(" (", absl::StrJoin(rules, ", "), ")");
}

// "after 15s", "after 2s to 1m".
std::string SignalsWords(const Forecast& forecast) {
  std::string words =
      absl::StrCat("after ", absl::FormatDuration(forecast.signals_from));
  if (forecast.signals_until > forecast.signals_from) {
    absl::StrAppend(&words, " to ",
                    absl::FormatDuration(forecast.signals_until));
  }
  return words;
}

std::string WakesWords(const Forecast& forecast) {
  const std::string when =
      forecast.decided_by.empty()
          ? absl::StrCat(SignalsWords(forecast), " the engine wakes them with")
          : absl::StrCat("policy '", Printable(forecast.decided_by),
                         "' decides when they get");
  return absl::StrCat(when,
                      " a fake signal, which programs do not see; "
                      "'klp-controller signal' sends it at once");
}

Findings SpinningFindings(const Forecast& forecast) {
  if (forecast.spinning.empty()) return {};
  const size_t more = forecast.spinning.size() - 1;
  return {{FindingCode::kSpinningKthread, "", "",
           absl::StrCat("kernel thread ", NameOf(forecast.spinning.front()),
                        more == 0 ? "" : absl::StrCat(" and ", more, " more"),
                        " was on a CPU at each of ", forecast.looks, " looks"),
           "if it does not sleep, it holds the transition up, and no signal "
           "moves it"}};
}

Findings SleeperFindings(const Forecast& forecast) {
  const size_t for_good =
      CountFrom(forecast, Obstacle::kUninterruptible, Obstacle::kStopped);
  const size_t left =
      CountFrom(forecast, Obstacle::kLeftAlone, Obstacle::kLeftAlone);
  const size_t signalled =
      CountFrom(forecast, Obstacle::kSignal, Obstacle::kSignal);
  if (forecast.outlook == Outlook::kWouldBeRefused) {
    return {{FindingCode::kMachineNotStopped, "", "",
             absl::StrCat(
                 "it stops the machine, which is refused with ",
                 Count(for_good + left + signalled, "task"), " in the way: ",
                 Example(forecast, Obstacle::kSignal, Obstacle::kStopped)),
             "end what they do first, or give it the model 'tasks'"}};
  }
  Findings findings;
  if (for_good > 0) {
    findings.push_back(
        {FindingCode::kBlocksForGood, "", "",
         absl::StrCat(
             Count(for_good, "task"), " in the way that no signal moves: ",
             Example(forecast, Obstacle::kUninterruptible, Obstacle::kStopped)),
         "the transition does not end before they leave by themselves"});
  }
  if (left > 0) {
    findings.push_back(
        {FindingCode::kLeftAlone, "", "",
         absl::StrCat(
             Count(left, "task"),
             " asleep in the way that the policy leaves alone",
             RulesWords(forecast), ": ",
             Example(forecast, Obstacle::kLeftAlone, Obstacle::kLeftAlone)),
         "'klp-controller signal --task TID' wakes one all the same"});
  }
  if (signalled > 0) {
    findings.push_back(
        {FindingCode::kBlocksUntilSignal, "", "",
         absl::StrCat(Count(signalled, "task"), " asleep in the way: ",
                      Example(forecast, Obstacle::kSignal, Obstacle::kSignal)),
         WakesWords(forecast)});
  }
  return findings;
}

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
  return forecast.looks >= kLooksToTell && function.seen == forecast.looks;
}

namespace {

std::string TasksSentence(const Forecast& forecast) {
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
    case Outlook::kNever: {
      const bool left =
          CountFrom(forecast, Obstacle::kLeftAlone, Obstacle::kLeftAlone) > 0;
      const bool stuck = CountFrom(forecast, Obstacle::kUninterruptible,
                                   Obstacle::kStopped) > 0;
      return absl::StrCat("it would wait for ", who,
                          ", and not complete before those have left that ",
                          left && stuck
                              ? "no signal moves or the policy leaves alone"
                          : left ? "the policy leaves alone"
                                 : "no signal moves");
    }
    case Outlook::kWouldBeRefused:
      return absl::StrCat("it would be refused: it stops the machine, with ",
                          who, " in the way");
  }
  return "";
}

}  // namespace

std::string OutlookSentence(const Forecast& forecast) {
  if (forecast.spinning.empty()) return TasksSentence(forecast);
  return absl::StrCat(TasksSentence(forecast), "; ",
                      Count(forecast.spinning.size(), "kernel thread"),
                      " on a CPU at every look may hold it up");
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
  Append(SpinningFindings(forecast), findings);
  return findings;
}

}  // namespace klpx
