// SPDX-License-Identifier: GPL-2.0
// What to do about tasks that hold up a transition.
#include "controller/core/transition/advice.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

using Lines = std::vector<std::string>;

constexpr absl::string_view kProgram = "klp-controller ";

std::string OrReverse(const std::string& patch) {
  return absl::StrCat("  or give up: 'klp-controller reverse ", patch, "'");
}

// A kernel thread takes no signals, and never leaves the kernel.
Lines ForKthread(klpx_reason reason, const std::string& patch) {
  switch (reason) {
    case KLPX_RUNNING:
      return {"running, a kernel thread: no signal moves it; it switches once",
              "  it sleeps; 'echo l >/proc/sysrq-trigger', then dmesg, shows",
              "  where it runs now;", OrReverse(patch)};
    case KLPX_ON_FUNCTION:
    case KLPX_UNRELIABLE_STACK:
      return {absl::StrCat(ReasonWord(reason),
                           ", a kernel thread: no signal moves it; it has to"),
              "  leave the function by itself ('klp-controller blocking -v'",
              "  shows its stack);", OrReverse(patch)};
    case KLPX_UNINTERRUPTIBLE:
    case KLPX_NOT_CHECKED:
    case KLPX_IDLE:
    case KLPX_STOPPED:
    case KLPX_EXITING:
      return {};
  }
  return {};
}

Lines ForUninterruptible(const PatchState& moving) {
  Lines lines = {
      "uninterruptible: a signal will not help; it waits for a device, a",
      "  file server or a lock ('klp-controller blocking -v' shows where):",
      "  resolve that;", OrReverse(moving.name)};
  if (RowOf(moving.engine).pushes_tasks) {
    lines.back() += ", or force it";
  }
  return lines;
}

// For transitions in which the kernel's own engine alone decides when to check
// tasks and which of them to signal.
Lines ForKernelsEngine(klpx_reason reason, bool takes_signals) {
  switch (reason) {
    case KLPX_NOT_CHECKED:
      return {"not-checked: the kernel checks it within two seconds; wait"};
    case KLPX_IDLE:
      return {
          "idle: the kernel wakes its CPU, and checks again a second later"};
    case KLPX_ON_FUNCTION:
      if (takes_signals) return {};
      return {absl::StrCat("on-function: the kernel signals user tasks ",
                           SignalPaceWords())};
    case KLPX_UNRELIABLE_STACK:
      if (takes_signals) return {};
      return {
          "unreliable-stack: inferred, because the kernel has checked it and",
          "  not switched it, and none of the functions is on its stack;",
          absl::StrCat("  user tasks switch with the kernel's next signal (",
                       SignalPaceWords(), ")")};
    case KLPX_UNINTERRUPTIBLE:
    case KLPX_RUNNING:
    case KLPX_STOPPED:
    case KLPX_EXITING:
      return {};
  }
  return {};
}

Lines ForUser(klpx_reason reason, const PatchState& moving) {
  const std::string& patch = moving.name;
  switch (reason) {
    case KLPX_NOT_CHECKED:
      return {"not-checked: the engine checks it on its next pass; wait"};
    case KLPX_RUNNING:
      return {"running: switches when it leaves the kernel or its CPU; wait"};
    case KLPX_ON_FUNCTION:
      return {absl::StrCat("on-function: 'klp-controller signal ", patch,
                           "' wakes user tasks")};
    case KLPX_UNRELIABLE_STACK:
      return {"unreliable-stack: switches when it next leaves the kernel, or",
              absl::StrCat("  is found elsewhere; 'klp-controller signal ",
                           patch, "'"),
              "  wakes user tasks"};
    case KLPX_IDLE:
      return {"idle: its CPU is woken to switch it; wait"};
    case KLPX_STOPPED:
      return {"stopped-or-traced: continue it (kill -CONT TID), or detach its",
              "  debugger"};
    case KLPX_UNINTERRUPTIBLE:
      return ForUninterruptible(moving);
    case KLPX_EXITING:
      return {"exiting: it switches once it has exited; wait"};
  }
  return {};
}

// Callbacks that ran before the transition, whose counterparts run after it.
Lines ForCallbacks(const PatchState& moving) {
  const absl::string_view before = moving.enabled ? "pre_patch" : "pre_unpatch";
  std::vector<std::string> objects;
  for (const ObjectState& object : moving.objects) {
    if (std::find(object.callbacks.begin(), object.callbacks.end(), before) !=
        object.callbacks.end()) {
      objects.push_back(Printable(object.name));
    }
  }
  if (objects.empty()) return {};
  return {
      absl::StrCat("callbacks: ", before, " of ", absl::StrJoin(objects, ", "),
                   " has run: what it has stopped or"),
      "  changed stays so until the transition ends, or until",
      absl::StrCat("  'klp-controller reverse ", moving.name, "'")};
}

// The quoted commands that are safe to paste into a shell: a module name may
// hold any character.
std::vector<std::string> CommandsIn(absl::string_view text) {
  std::vector<std::string> commands;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '\'');
  // An odd number of quotes: a name contains one, so pairs cannot be trusted.
  if (parts.size() % 2 == 0) return commands;
  for (size_t i = 1; i + 1 < parts.size(); i += 2) {
    const bool plain =
        std::all_of(parts[i].begin(), parts[i].end(), [](unsigned char c) {
          return absl::ascii_isalnum(c) || absl::StrContains(" _.-", c);
        });
    if (plain && absl::StartsWith(parts[i], kProgram)) {
      commands.emplace_back(parts[i]);
    }
  }
  return commands;
}

}  // namespace

std::vector<std::string> AdviceFor(const klpx_task_info& task,
                                   const PatchState& moving) {
  if (task.kthread && task.key.idle_cpu < 0) {
    Lines lines = ForKthread(task.reason, moving.name);
    if (!lines.empty()) return lines;
  }
  if (!RowOf(moving.engine).pushes_tasks) {
    Lines lines = ForKernelsEngine(task.reason, moving.takes_signals);
    if (!lines.empty()) return lines;
  }
  return ForUser(task.reason, moving);
}

std::vector<std::string> AdviceFor(const std::vector<Blocker>& blockers,
                                   const PatchState& moving) {
  Lines all;
  std::set<std::pair<klpx_reason, bool>> given;
  for (const Blocker& blocker : blockers) {
    const klpx_task_info& info = blocker.info;
    if (!given.emplace(info.reason, info.kthread).second) continue;
    for (std::string& line : AdviceFor(info, moving)) {
      // Kernel threads and user tasks may share an advice.
      if (std::find(all.begin(), all.end(), line) != all.end() &&
          line.front() != ' ') {
        break;
      }
      all.push_back(std::move(line));
    }
  }
  for (std::string& line : ForCallbacks(moving)) all.push_back(std::move(line));
  return all;
}

std::vector<AdviceEntry> AdviceEntries(const Lines& lines) {
  std::vector<AdviceEntry> entries;
  for (absl::string_view line : lines) {
    if (absl::ConsumePrefix(&line, "  ") && !entries.empty()) {
      absl::StrAppend(&entries.back().text, " ", line);
    } else {
      entries.push_back({std::string(line), {}});
    }
  }
  for (AdviceEntry& entry : entries) entry.commands = CommandsIn(entry.text);
  return entries;
}

bool IsBeyondSignals(const klpx_task_info& task) {
  return task.kthread || task.key.idle_cpu >= 0 ||
         task.reason == KLPX_UNINTERRUPTIBLE || task.reason == KLPX_STOPPED;
}

std::string BeyondSignalsWords(const std::vector<Blocker>& blockers) {
  std::string words;
  size_t more = 0;
  for (const Blocker& blocker : blockers) {
    const klpx_task_info& info = blocker.info;
    // An idle task is switched by a kick of its CPU.
    if (!IsBeyondSignals(info) || info.key.idle_cpu >= 0) continue;
    if (!words.empty()) {
      more++;
      continue;
    }
    words =
        absl::StrCat(info.kthread ? "kernel thread " : "", Printable(info.comm),
                     "/", info.key.tid, " (", ReasonWord(info.reason), ")");
  }
  if (more > 0) absl::StrAppend(&words, " and ", more, " more");
  return words;
}

}  // namespace klpx
