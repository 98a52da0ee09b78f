// SPDX-License-Identifier: GPL-2.0
// A task and what is on its kernel stack at one moment. Plain data: sys/ fills
// it, the forecast reads it.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_TASK_STACK_H_
#define KLPX_CONTROLLER_CORE_KERNEL_TASK_STACK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "controller/core/kernel/function_table.h"

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

// The words of a stack before its first frame that can be addresses of `code`.
// Empty if the frame is not among the words: then the two were read at
// different moments.
std::vector<uint64_t> CodeBefore(uint64_t first_frame,
                                 absl::Span<const uint64_t> words,
                                 const AddressRange& code);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_TASK_STACK_H_
