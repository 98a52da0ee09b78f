// SPDX-License-Identifier: GPL-2.0
// What a forecast says: in a sentence, and as findings with what to do.
#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/text.h"
#include "controller/core/preflight/forecast.h"

namespace klpx {
namespace {

std::string NameOf(const TaskStack& task) {
  return absl::StrCat("'", Printable(task.comm), "' (tid ", task.tid, ")");
}

// The first task whose obstacle is one of these.
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

// " (rule databases, [default])": each rule once.
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

// "1 task is sleeping in a function being replaced".
std::string SleepingWords(size_t tasks) {
  return absl::StrCat(Count(tasks, "task"), tasks == 1 ? " is" : " are",
                      " sleeping in a function being replaced");
}

std::string WakesWords(const Forecast& forecast) {
  const std::string when =
      forecast.decided_by.empty()
          ? absl::StrCat(SignalsWords(forecast), " the engine sends")
          : absl::StrCat("policy '", Printable(forecast.decided_by),
                         "' decides when to send");
  return absl::StrCat(when,
                      " a fake signal, which programs do not see; "
                      "'klp-controller signal' sends it now");
}

Findings SpinningFindings(const Forecast& forecast) {
  if (forecast.spinning.empty()) return {};
  const size_t more = forecast.spinning.size() - 1;
  return {{FindingCode::kSpinningKthread, "", "",
           absl::StrCat(
               "kernel thread ", NameOf(forecast.spinning.front()),
               more == 0 ? " was" : absl::StrCat(" and ", more, " more were"),
               " on a CPU at each of ", forecast.looks, " looks"),
           "a kernel thread that never sleeps holds up the transition, and no "
           "signal moves it"}};
}

Findings SleeperFindings(const Forecast& forecast) {
  const size_t for_good =
      CountFrom(forecast, Obstacle::kUninterruptible, Obstacle::kStopped);
  const size_t left =
      CountFrom(forecast, Obstacle::kLeftAlone, Obstacle::kLeftAlone);
  const size_t signalled =
      CountFrom(forecast, Obstacle::kSignal, Obstacle::kSignal);
  if (forecast.outlook == Outlook::kWouldBeRefused) {
    const size_t blocking = for_good + left + signalled;
    return {
        {FindingCode::kMachineNotStopped, "", "",
         absl::StrCat("its model stops the machine, which is refused while ",
                      Count(blocking, "task"), blocking == 1 ? " is" : " are",
                      " in a function being replaced: ",
                      Example(forecast, Obstacle::kSignal, Obstacle::kStopped)),
         "end that activity first, or build the patch with the model "
         "'tasks'"}};
  }
  Findings findings;
  if (for_good > 0) {
    findings.push_back(
        {FindingCode::kBlocksForGood, "", "",
         absl::StrCat(
             Count(for_good, "task"),
             " in a function being replaced, where no signal moves ",
             for_good == 1 ? "it: " : "them: ",
             Example(forecast, Obstacle::kUninterruptible, Obstacle::kStopped)),
         absl::StrCat("the transition does not complete until ",
                      for_good == 1 ? "it leaves by itself"
                                    : "they leave by themselves")});
  }
  if (left > 0) {
    findings.push_back(
        {FindingCode::kLeftAlone, "", "",
         absl::StrCat(
             SleepingWords(left), ", and the policy leaves ",
             left == 1 ? "it" : "them", " alone", RulesWords(forecast), ": ",
             Example(forecast, Obstacle::kLeftAlone, Obstacle::kLeftAlone)),
         "'klp-controller signal --task TID' wakes one anyway"});
  }
  if (signalled > 0) {
    findings.push_back(
        {FindingCode::kBlocksUntilSignal, "", "",
         absl::StrCat(SleepingWords(signalled), ": ",
                      Example(forecast, Obstacle::kSignal, Obstacle::kSignal)),
         WakesWords(forecast)});
  }
  return findings;
}

std::string TasksSentence(const Forecast& forecast) {
  const size_t count = forecast.in_the_way.size();
  const std::string tasks = Count(count, "task");
  switch (forecast.outlook) {
    case Outlook::kAtOnce:
      return "it would complete at once: no task blocks it";
    case Outlook::kSoon:
      return absl::StrCat("it would complete soon: ", tasks,
                          count == 1
                              ? " blocks it, but was seen to come and go"
                              : " block it, but were seen to come and go");
    case Outlook::kSignal:
      return absl::StrCat("it would wait for ", tasks,
                          ", and complete once a fake signal has woken ",
                          count == 1 ? "it" : "them");
    case Outlook::kNever: {
      const bool left =
          CountFrom(forecast, Obstacle::kLeftAlone, Obstacle::kLeftAlone) > 0;
      const bool stuck = CountFrom(forecast, Obstacle::kUninterruptible,
                                   Obstacle::kStopped) > 0;
      return absl::StrCat("it would wait for ", tasks,
                          ", and not complete until every task that ",
                          left && stuck
                              ? "no signal moves or the policy leaves alone"
                          : left ? "the policy leaves alone"
                                 : "no signal moves",
                          " has left");
    }
    case Outlook::kWouldBeRefused:
      return absl::StrCat("it would be refused: its model stops the machine, ",
                          "which ", tasks,
                          count == 1 ? " prevents" : " prevent");
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
         "do not patch a function that some task is always in; patch what it "
         "calls"});
  }
  Append(SleeperFindings(forecast), findings);
  Append(SpinningFindings(forecast), findings);
  return findings;
}

}  // namespace klpx
