// SPDX-License-Identifier: GPL-2.0
// Why a task holds up a transition of the kernel's own livepatch. The kernel
// does not say; this infers it from what the task does and has on its stack, by
// the rules by which the kernel switches tasks. Time is a parameter.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_LIVEPATCH_REASON_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_LIVEPATCH_REASON_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "controller/core/base/task_key.h"
#include "controller/core/kernel/function_table.h"

namespace klpx {

// Code that must not be on the stack of a task when it is switched.
struct UnsafeFunction {
  AddressRange range = {};
  std::string name;
};

struct LivepatchTransition {
  std::string patch;
  klpx_side target = KLPX_PATCHED;
  std::vector<UnsafeFunction> functions;
};

// A task that is not on the target side yet.
struct PendingTask {
  klpx_task_key key = {};
  uint32_t pid = 0;
  uint32_t cpu = 0;
  uint32_t task_state = 0;
  std::string comm;
  bool kthread = false;
  bool io_worker = false;
  bool exiting = false;
  bool on_cpu = false;
  std::vector<uint64_t> frames = {};  // innermost first; empty if it runs
};

// The tasks that were found by the last read.
using EarlierBlockers = std::map<klpx_task_key, klpx_task_info>;

// The kernel checks all tasks every 1.75 s at the latest. If a task is off its
// CPU with none of the functions on its stack, and has not switched after this
// long, the kernel has checked it and did not switch it.
inline constexpr uint64_t kSurelyCheckedNs = 3500000000;

// One verdict per task, in the same order. A task found by the last read, in
// the same transition, has been blocking since then.
std::vector<klpx_task_info> InferReasons(const LivepatchTransition& transition,
                                         const std::vector<PendingTask>& tasks,
                                         const EarlierBlockers& before,
                                         uint64_t now_ns);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_LIVEPATCH_REASON_H_
