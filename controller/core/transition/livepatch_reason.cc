// SPDX-License-Identifier: GPL-2.0
// Why a task holds up a transition of the kernel's own livepatch.
#include "controller/core/transition/livepatch_reason.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/string_view.h"
#include "controller/core/kernel/code_ranges.h"

namespace klpx {
namespace {

constexpr uint64_t kNsPerMs = 1000000;

klpx_reason ReasonOf(const PendingTask& task, const UnsafeFunction* function,
                     uint64_t blocked_ns) {
  if (task.key.idle_cpu >= 0) return KLPX_IDLE;
  if (task.on_cpu) return KLPX_RUNNING;
  if (function != nullptr) {
    return klpx_reason_on_function(task.task_state, task.exiting);
  }
  return blocked_ns >= kSurelyCheckedNs ? KLPX_UNRELIABLE_STACK
                                        : KLPX_NOT_CHECKED;
}

// Since when it has been seen blocking this transition.
uint64_t Since(const LivepatchTransition& transition, const klpx_task_key& key,
               const EarlierBlockers& before, uint64_t now_ns) {
  const auto found = before.find(key);
  if (found == before.end()) return now_ns;
  const klpx_task_info& last = found->second;
  const bool same = last.engine == KLPX_ENGINE_KERNEL &&
                    last.target == transition.target &&
                    transition.patch == last.patch && last.since_ns <= now_ns;
  return same ? last.since_ns : now_ns;
}

}  // namespace

std::vector<klpx_task_info> InferReasons(const LivepatchTransition& transition,
                                         const std::vector<PendingTask>& tasks,
                                         const EarlierBlockers& before,
                                         uint64_t now_ns) {
  const CodeRanges guarded(transition.functions);
  std::vector<klpx_task_info> verdicts;
  verdicts.reserve(tasks.size());
  for (const PendingTask& task : tasks) {
    const UnsafeFunction* function = guarded.FindFirst(task.frames);
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
    transition.patch.copy(info.patch, sizeof(info.patch) - 1);
    task.comm.copy(info.comm, sizeof(info.comm) - 1);
    if (function != nullptr) {
      function->name.copy(info.function, sizeof(info.function) - 1);
    }
    verdicts.push_back(info);
  }
  return verdicts;
}

}  // namespace klpx
