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
