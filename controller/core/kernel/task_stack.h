// SPDX-License-Identifier: GPL-2.0
// A task and what is on its kernel stack at one moment. Plain data: sys/ fills
// it, the forecast reads it.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_TASK_STACK_H_
#define KLPX_CONTROLLER_CORE_KERNEL_TASK_STACK_H_

#include <cstdint>
#include <string>
#include <vector>

namespace klpx {

struct TaskStack {
  uint32_t tid = 0;
  uint32_t pid = 0;
  std::string comm;
  uint32_t task_state = 0;
  bool kthread = false;
  bool io_worker = false;
  bool on_cpu = false;
  std::vector<uint64_t> frames;  // innermost first; empty if it is running
  // Possible return addresses before the first frame: the kernel leaves
  // functions of the scheduler, including waits and locks, out of frames.
  std::vector<uint64_t> innermost;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_TASK_STACK_H_
