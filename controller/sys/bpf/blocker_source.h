// SPDX-License-Identifier: GPL-2.0
// Where the tasks that hold up a transition are learned from: the BPF observer,
// or a fake in tests.
#ifndef KLPX_CONTROLLER_SYS_BPF_BLOCKER_SOURCE_H_
#define KLPX_CONTROLLER_SYS_BPF_BLOCKER_SOURCE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/model.h"
#include "controller/sys/bpf/stack_walk.h"

namespace klpx {

class BlockerSource {
 public:
  virtual ~BlockerSource() = default;
  virtual absl::StatusOr<std::vector<klpx_task_info>> ReadTaskState() = 0;
  // Innermost first; empty if it cannot be had.
  virtual absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key& key) = 0;
  virtual absl::StatusOr<LossCounters> ReadCounters() = 0;
};

// How a command gets at the observer, and takes it away.
class ObserverAccess {
 public:
  virtual ~ObserverAccess() = default;
  // kNotPermitted, kNoEngine or kKernelLacks if that is why; kBpfRefused for
  // every other reason.
  virtual absl::StatusOr<std::unique_ptr<BlockerSource>> Attach() = 0;
  virtual absl::Status Unpin() = 0;
  // Needs no klpx.ko, and does not attach.
  virtual absl::StatusOr<std::unique_ptr<StackWalk>> OpenStackWalk() = 0;
};

// The observer of this build.
std::unique_ptr<ObserverAccess> BpfObserverAccess();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_BLOCKER_SOURCE_H_
