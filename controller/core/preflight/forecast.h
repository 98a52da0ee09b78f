// SPDX-License-Identifier: GPL-2.0
// Who would hold up a transition that started now, and how it would go: stacks
// of all tasks, looked at a few times, against the functions that a patch
// replaces. Knows neither how stacks are read nor how long a look took.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_FORECAST_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_FORECAST_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/kernel/function_table.h"
#include "controller/core/kernel/task_stack.h"
#include "controller/core/patch/patch_description.h"
#include "controller/core/preflight/finding.h"

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
  kLeftAlone,        // the same, but the policy has it not signalled
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
  std::string rule = {};  // of kLeftAlone: the rule that says so
};

// What is done in the course of a transition about a task that sleeps.
struct PushPlan {
  // The first fake signal comes after so long; nothing: none comes.
  std::optional<absl::Duration> signal_after = absl::Seconds(15);
  std::string rule = {};  // the one that decides
};
using PlanOf = std::function<PushPlan(const TaskInTheWay&)>;

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
  // Kernel threads that were on a CPU at each look: nothing makes such a one
  // leave the kernel, and its stack cannot be read.
  std::vector<TaskStack> spinning = {};
  // Until the first and the last of those that are signalled are.
  absl::Duration signals_from = absl::ZeroDuration();
  absl::Duration signals_until = absl::ZeroDuration();
  // A policy of a user's program, which alone knows whether and when.
  std::string decided_by = {};
  Outlook outlook = Outlook::kAtOnce;
};

// The looks in the order of time.
Forecast Foresee(const std::vector<std::vector<TaskStack>>& looks,
                 const Forbidden& forbidden, bool stops_machine);

// With what the policy does about each task that sleeps in the way. Without it
// the engine's own timing counts: a signal every 15 s.
void FollowPolicy(Forecast& forecast, const PlanOf& plan, bool stops_machine);

bool IsAlwaysOnStack(const FunctionInTheWay& function,
                     const Forecast& forecast);

// One sentence: how the transition will go.
std::string OutlookSentence(const Forecast& forecast);

Findings FindingsOf(const Forecast& forecast);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_FORECAST_H_
