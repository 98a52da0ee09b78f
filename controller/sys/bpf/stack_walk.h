// SPDX-License-Identifier: GPL-2.0
// Reads the kernel stacks of all tasks, by BPF or from a fake in tests. It
// needs no klpx.ko, enables nothing and leaves nothing behind.
#ifndef KLPX_CONTROLLER_SYS_BPF_STACK_WALK_H_
#define KLPX_CONTROLLER_SYS_BPF_STACK_WALK_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/core/kernel/task_stack.h"

namespace klpx {

class StackWalk {
 public:
  virtual ~StackWalk() = default;
  // The stacks of all tasks but the idle ones.
  virtual absl::StatusOr<std::vector<TaskStack>> Look() = 0;
};

// Loads the BPF program, which is unloaded with the walk. kBpfRefused says why
// that failed.
absl::StatusOr<std::unique_ptr<StackWalk>> OpenBpfStackWalk();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_STACK_WALK_H_
