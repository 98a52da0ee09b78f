// SPDX-License-Identifier: GPL-2.0
// Reads what the BPF programs record: which tasks hold up a transition, why,
// and on what stack. The programs and maps are pinned in the kernel, so they
// record even while no klp-controller runs.
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

// Holds maps only, never a program that is attached to klpx.ko, so a living
// Observer does not keep the module from being unloaded. When another process
// has removed or replaced the pins, every method fails with kUnavailable:
// attach again.
class Observer {
 public:
  // Opens the pinned maps and links, or loads, attaches and pins them (klpx.ko
  // must be loaded). Idempotent.
  static absl::StatusOr<std::unique_ptr<Observer>> Attach();

  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  // The tasks that block now, the longest-blocking first.
  absl::StatusOr<std::vector<klpx_task_info>> ReadTaskState() const;

  // The kernel stack of a task, innermost frame first, symbolised
  // ("do_sys_poll+0x4f0"); empty if it cannot be read: the task runs, has
  // exited, or is an idle task.
  absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key& key) const;

  // Counted since the pins were made. events: reports of the engine that were
  // recorded; events_lost: reports for which the kernel skipped the program,
  // because it was already running on that CPU.
  struct Counters {
    uint64_t events, events_lost, state_lost, read_failed;
  };
  absl::StatusOr<Counters> ReadCounters() const;

  // Removes every pin, and waits until the kernel has released klpx.ko.
  static absl::Status Unpin();

 private:
  Observer() = default;

  ObserverPins pins_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_OBSERVER_H_
