// SPDX-License-Identifier: GPL-2.0
// The source of the tasks that hold up a transition: the BPF observer, or a
// fake in tests.
#ifndef KLPX_CONTROLLER_SYS_BPF_BLOCKER_SOURCE_H_
#define KLPX_CONTROLLER_SYS_BPF_BLOCKER_SOURCE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/machine.h"
#include "controller/sys/bpf/stack_walk.h"

namespace klpx {

class BlockerSource {
 public:
  virtual ~BlockerSource() = default;
  virtual absl::StatusOr<std::vector<klpx_task_info>> ReadTaskState() = 0;
  // The innermost frame first; empty if the stack cannot be read.
  virtual absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key& key) = 0;
  virtual absl::StatusOr<LossCounters> ReadCounters() = 0;
};

// How a verb attaches and removes the observer.
class ObserverAccess {
 public:
  virtual ~ObserverAccess() = default;
  // Fails with kNotPermitted, kNoEngine or kKernelLacks for these reasons, and
  // with kBpfRefused for every other one.
  virtual absl::StatusOr<std::unique_ptr<BlockerSource>> Attach() = 0;
  virtual absl::Status Unpin() = 0;
  // Needs no klpx.ko, and does not attach.
  virtual absl::StatusOr<std::unique_ptr<StackWalk>> OpenStackWalk() = 0;
};

// The observer of this build.
std::unique_ptr<ObserverAccess> BpfObserverAccess();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_BLOCKER_SOURCE_H_
