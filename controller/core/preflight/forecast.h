// SPDX-License-Identifier: GPL-2.0
// Which tasks would hold up a transition that started now, and how it would go:
// compares the stacks of all tasks, sampled a few times, with the functions
// that a patch replaces. Knows neither how stacks are read nor how long that
// took.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_FORECAST_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_FORECAST_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/engine.h"
#include "controller/core/kernel/function_table.h"
#include "controller/core/kernel/task_stack.h"
#include "controller/core/patch/patch_description.h"
#include "controller/core/preflight/finding.h"

namespace klpx {

// A function body, or a cold range of one, that must not be on a stack: what
// the engine calls an unsafe range.
struct ForbiddenRange {
  AddressRange range;
  std::string object;
  std::string function;
};

struct Forbidden {
  std::vector<ForbiddenRange> ranges;
  AddressRange scheduler = {};  // left out of stacks by the kernel
};

// The ranges of every patched function that the kernel has. `places` may also
// hold those of SchedulerBounds(), which delimit the scheduler's functions.
Forbidden FindForbidden(const PatchDescription& patch,
                        const FunctionTable& places);
FunctionSet SchedulerBounds();

// Why a task blocks, and what makes it leave.
enum class Obstacle {
  kPassing,          // seen at some looks only: it leaves by itself
  kSignal,           // asleep at every look; a fake signal wakes it
  kLeftAlone,        // the same, but the policy sends it no signal
  kUninterruptible,  // asleep at every look; no signal wakes it
  kKthread,          // a kernel thread, seen at every look
  kStopped,          // stopped by a signal or a debugger
};
absl::string_view ObstacleWord(Obstacle obstacle);

struct TaskInTheWay {
  TaskStack task;  // as last seen
  std::string object;
  std::string function;
  int seen = 0;  // at how many looks
  Obstacle obstacle = Obstacle::kPassing;
  std::string rule = {};  // for kLeftAlone: the rule of the policy
};

// What the engine will do about a sleeping task during a transition.
struct PushPlan {
  // When the first fake signal is sent; nothing: none is sent.
  std::optional<absl::Duration> signal_after = kSignalEvery;
  std::string rule = {};  // the rule that decides
};
using PlanOf = std::function<PushPlan(const TaskInTheWay&)>;

struct FunctionInTheWay {
  std::string object;
  std::string function;
  int seen = 0;   // at how many looks it was on the stack of a task
  int tasks = 0;  // how many different tasks that were
};

enum class Outlook {
  kAtOnce,         // no task blocks
  kSoon,           // only tasks that come and go
  kSignal,         // after the engine's first fake signals
  kNever,          // not without help: no signal moves some task
  kWouldBeRefused  // blocking tasks prevent stopping the machine
};
absl::string_view OutlookWord(Outlook outlook);

struct Forecast {
  int looks = 0;
  uint64_t tasks = 0;    // at the last look
  uint64_t running = 0;  // on a CPU then, so their stacks were not read
  std::vector<TaskInTheWay> in_the_way;  // the most often seen first
  std::vector<FunctionInTheWay> functions;
  // Kernel threads that were on a CPU at each look: nothing makes such a thread
  // leave the kernel, and its stack cannot be read.
  std::vector<TaskStack> spinning = {};
  // When the first and the last of the signalled tasks get their signal.
  absl::Duration signals_from = absl::ZeroDuration();
  absl::Duration signals_until = absl::ZeroDuration();
  // The policy of a user's program that decides whether and when, if any.
  std::string decided_by = {};
  Outlook outlook = Outlook::kAtOnce;
};

// `looks` are in the order of time.
Forecast Foresee(const std::vector<std::vector<TaskStack>>& looks,
                 const Forbidden& forbidden, bool stops_machine);

// Applies what the policy does about each task that sleeps in a function being
// replaced. Without a policy the engine signals every kSignalEvery.
void FollowPolicy(Forecast& forecast, const PlanOf& plan, bool stops_machine);

bool IsAlwaysOnStack(const FunctionInTheWay& function,
                     const Forecast& forecast);

// One sentence: how the transition will go.
std::string OutlookSentence(const Forecast& forecast);

Findings FindingsOf(const Forecast& forecast);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_FORECAST_H_
