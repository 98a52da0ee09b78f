// SPDX-License-Identifier: GPL-2.0
// Who would hold up a transition that started now, and how it would go: stacks
// of all tasks, looked at a few times, against the functions that a patch
// replaces. Knows neither how stacks are read nor how long a look took.
#ifndef KLPX_CONTROLLER_CORE_FORECAST_H_
#define KLPX_CONTROLLER_CORE_FORECAST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/finding.h"
#include "controller/core/function_table.h"
#include "controller/core/patch_description.h"
#include "controller/core/task_stack.h"

namespace klpx {

// A body, or a part of one, that must not be on a stack.
struct ForbiddenRange {
  AddressRange range;
  std::string object;
  std::string function;
};

struct Forbidden {
  std::vector<ForbiddenRange> ranges;  // sorted by address
  AddressRange scheduler = {};         // what the kernel shows on no stack
};

// Of all functions that are there. The places of SchedulerBounds(), if they are
// given, say where the functions of the scheduler are.
Forbidden FindForbidden(const PatchDescription& patch,
                        const FunctionTable& places);
FunctionSet SchedulerBounds();

// Why a task is in the way, and what gets it out.
enum class Obstacle {
  kPassing,          // it was there at some looks only: it leaves by itself
  kSignal,           // asleep at every look; a fake signal wakes it
  kUninterruptible,  // asleep at every look; no signal wakes it
  kKthread,          // a kernel thread, there at every look
  kStopped,          // stopped by a signal or a debugger
};
absl::string_view ObstacleWord(Obstacle obstacle);

struct TaskInTheWay {
  TaskStack task;  // as seen last
  std::string object;
  std::string function;
  int seen = 0;  // at how many looks
  Obstacle obstacle = Obstacle::kPassing;
};

struct FunctionInTheWay {
  std::string object;
  std::string function;
  int seen = 0;   // at how many looks it was on some stack
  int tasks = 0;  // how many different tasks
};

enum class Outlook {
  kAtOnce,         // nobody is in the way
  kSoon,           // only tasks that come and go
  kSignal,         // after the engine's first fake signals
  kNever,          // not without help: no signal moves them
  kWouldBeRefused  // the machine cannot be stopped with them in the way
};
absl::string_view OutlookWord(Outlook outlook);

struct Forecast {
  int looks = 0;
  uint64_t tasks = 0;    // at the last look
  uint64_t running = 0;  // of these: on a CPU, so their stacks were not read
  std::vector<TaskInTheWay> in_the_way;  // the longest there first
  std::vector<FunctionInTheWay> functions;
  Outlook outlook = Outlook::kAtOnce;
};

// The looks in the order of time.
Forecast Foresee(const std::vector<std::vector<TaskStack>>& looks,
                 const Forbidden& forbidden, bool stops_machine);

bool IsAlwaysOnStack(const FunctionInTheWay& function,
                     const Forecast& forecast);

// One sentence: how the transition will go.
std::string OutlookSentence(const Forecast& forecast);

Findings FindingsOf(const Forecast& forecast);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_FORECAST_H_
