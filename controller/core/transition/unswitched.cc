// SPDX-License-Identifier: GPL-2.0
// Why a task holds up a transition of the kernel's own livepatch.
#include "controller/core/transition/unswitched.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/string_view.h"

namespace klpx {
namespace {

constexpr uint64_t kNsPerMs = 1000000;
// task->__state.
constexpr uint32_t kUninterruptible = 0x2;
constexpr uint32_t kStoppedOrTraced = 0x4 | 0x8;

template <size_t size>
void Put(absl::string_view text, char (&to)[size]) {
  const size_t length = std::min(text.size(), size - 1);
  std::memcpy(to, text.data(), length);
  to[length] = '\0';
}

// Sorted by address. Bodies of functions do not overlap.
class Guards {
 public:
  explicit Guards(std::vector<GuardedFunction> functions)
      : functions_(std::move(functions)) {
    std::sort(functions_.begin(), functions_.end(),
              [](const GuardedFunction& a, const GuardedFunction& b) {
                return a.start < b.start;
              });
  }

  // The innermost guarded function on the stack; null if there is none.
  const GuardedFunction* FindOn(const std::vector<uint64_t>& frames) const {
    for (const uint64_t frame : frames) {
      auto above = std::upper_bound(
          functions_.begin(), functions_.end(), frame,
          [](uint64_t address, const GuardedFunction& function) {
            return address < function.start;
          });
      if (above == functions_.begin()) continue;
      --above;
      if (frame - above->start < above->size) return &*above;
    }
    return nullptr;
  }

 private:
  std::vector<GuardedFunction> functions_;
};

// The same reasons, tested in the same order, as in kmod/switch.c.
klpx_reason ReasonOn(const UnswitchedTask& task) {
  if (task.exiting) return KLPX_EXITING;
  if (task.task_state & kStoppedOrTraced) return KLPX_STOPPED;
  if (task.task_state & kUninterruptible) return KLPX_UNINTERRUPTIBLE;
  return KLPX_ON_FUNCTION;
}

klpx_reason ReasonOf(const UnswitchedTask& task,
                     const GuardedFunction* function, uint64_t blocked_ns) {
  if (task.key.idle_cpu >= 0) return KLPX_IDLE;
  if (task.on_cpu) return KLPX_RUNNING;
  if (function != nullptr) return ReasonOn(task);
  return blocked_ns >= kSurelyLookedAtNs ? KLPX_UNRELIABLE_STACK
                                         : KLPX_NOT_CHECKED;
}

// Since when it has been seen blocking this transition.
uint64_t Since(const LivepatchTransition& transition, const klpx_task_key& key,
               const LookBefore& before, uint64_t now_ns) {
  const auto found = before.find(NameOf(key));
  if (found == before.end()) return now_ns;
  const klpx_task_info& last = found->second;
  const bool same = last.engine == KLPX_ENGINE_KERNEL &&
                    last.target == transition.target &&
                    transition.patch == last.patch && last.since_ns <= now_ns;
  return same ? last.since_ns : now_ns;
}

}  // namespace

TaskName NameOf(const klpx_task_key& key) {
  return {key.tid, key.idle_cpu, key.start_ns};
}

std::vector<klpx_task_info> Judge(const LivepatchTransition& transition,
                                  const std::vector<UnswitchedTask>& tasks,
                                  const LookBefore& before, uint64_t now_ns) {
  const Guards guards(transition.functions);
  std::vector<klpx_task_info> verdicts;
  verdicts.reserve(tasks.size());
  for (const UnswitchedTask& task : tasks) {
    const GuardedFunction* function = guards.FindOn(task.frames);
    klpx_task_info info = {};
    info.key = task.key;
    info.engine = KLPX_ENGINE_KERNEL;
    info.target = transition.target;
    info.since_ns = Since(transition, task.key, before, now_ns);
    info.checked_ns = now_ns;
    info.age_ms = (now_ns - info.since_ns) / kNsPerMs;
    info.reason = ReasonOf(task, function, now_ns - info.since_ns);
    info.pid = task.pid;
    info.cpu = task.cpu;
    info.task_state = task.task_state;
    info.kthread = task.kthread;
    info.io_worker = task.io_worker;
    Put(transition.patch, info.patch);
    Put(task.comm, info.comm);
    if (function != nullptr) Put(function->name, info.function);
    verdicts.push_back(info);
  }
  return verdicts;
}

}  // namespace klpx
