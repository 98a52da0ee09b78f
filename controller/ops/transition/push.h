// SPDX-License-Identifier: GPL-2.0
// What signal and force share: a patch in transition, its blocking tasks, and
// one write to sysfs that acts on them.
#ifndef KLPX_CONTROLLER_OPS_TRANSITION_PUSH_H_
#define KLPX_CONTROLLER_OPS_TRANSITION_PUSH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "controller/ops/console/console.h"
#include "controller/ops/history/recorder.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

struct PushTarget {
  PatchState patch;
  // The blocking tasks that the verb is for.
  std::vector<Blocker> blockers;
  // Why the blockers could not be read; "" if they could.
  std::string blockers_unknown;
};

// How much the names of the tasks matter. kAttach: attach the observer for
// them. kIfNeeded: only ask an observer that is attached already, unless the
// engine can only push single tasks.
enum class Names { kAttach, kIfNeeded };

struct PushRequest {
  absl::string_view verb;
  std::string patch;             // "": the one that is in transition
  std::optional<uint32_t> task;  // only this one
  Names names;
};

// Nothing if the patch is loaded, but not in transition: then a success has
// been reported.
absl::StatusOr<std::optional<PushTarget>> FindPushTarget(
    Kernel& kernel, ObserverAccess& observer, Console& console,
    const PushRequest& request);

// Writes `attribute`, or "<attribute>_task" with the task.
absl::Status Push(Kernel& kernel, const PatchState& patch,
                  absl::string_view attribute, std::optional<uint32_t> task);

// Kicks the CPUs of blocking idle tasks of the kernel's own engine, which looks
// at an idle task only once a second: after the kick it finds the task
// switched. Does nothing without klpx.ko.
void KickIdle(Kernel& kernel, const PatchState& patch,
              const std::vector<Blocker>& blockers);

// Forces the blocking tasks of a target, or one of them. Records each with its
// stack before it asks the engine.
absl::Status ForceBlockers(Kernel& kernel, Recorder& recorder,
                           const PushTarget& target,
                           std::optional<uint32_t> task);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_TRANSITION_PUSH_H_
