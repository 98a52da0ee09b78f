// SPDX-License-Identifier: GPL-2.0
// The picture that the BPF programs keep: which tasks hold up a transition,
// why, and on what stack. Reads only; the picture is kept by the kernel, so it
// is there while no process of ours runs.
#ifndef KLPX_CONTROLLER_SYS_BPF_OBSERVER_H_
#define KLPX_CONTROLLER_SYS_BPF_OBSERVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "controller/core/base/abi.h"
#include "controller/sys/bpf/observer_pins.h"

namespace klpx {

// Holds maps only, never a program of klpx.ko: an Observer that lives on does
// not keep the module from being unloaded. When another process removes or
// replaces the pins, every method answers kUnavailable: attach again.
class Observer {
 public:
  // Opens the pinned maps and links, or loads, attaches and pins them (klpx.ko
  // must be loaded). Idempotent.
  static absl::StatusOr<std::unique_ptr<Observer>> Attach();

  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  // The tasks that block now, the longest waiting first.
  absl::StatusOr<std::vector<klpx_task_info>> ReadTaskState() const;

  // Kernel stack of a task, innermost first, symbolised
  // ("do_sys_poll+0x4f0"); empty if it can't be had: the task runs, is gone,
  // or is an idle task.
  absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key& key) const;

  // Since the pins were made. events: reports of the engine that were taken in;
  // events_lost: those for which the kernel skipped the program, because it was
  // already running on that CPU.
  struct Counters {
    uint64_t events, events_lost, state_lost, read_failed;
  };
  absl::StatusOr<Counters> ReadCounters() const;

  // Removes every pin, and waits for the kernel to let go of klpx.ko.
  static absl::Status Unpin();

 private:
  Observer() = default;

  ObserverPins pins_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_OBSERVER_H_
