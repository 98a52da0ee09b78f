// SPDX-License-Identifier: GPL-2.0
// Reads the pinned maps, which observer_pins.cc makes.
#include "controller/sys/bpf/observer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/error.h"
#include "controller/sys/bpf/task_state_map.h"

namespace klpx {
absl::StatusOr<std::unique_ptr<Observer>> Observer::Attach() {
  absl::StatusOr<ObserverPins> pins = OpenOrMakePins();
  if (!pins.ok()) return pins.status();
  std::unique_ptr<Observer> observer(new Observer);
  observer->pins_ = *std::move(pins);
  return observer;
}

absl::StatusOr<std::vector<klpx_task_info>> Observer::ReadTaskState() const {
  if (absl::Status pinned = CheckPinned(pins_); !pinned.ok()) return pinned;
  absl::StatusOr<std::vector<klpx_task_info>> tasks =
      ReadTaskMap(pins_.task_state.get());
  if (!tasks.ok()) return tasks;
  // The map is for both engines; the observer reports only klpx.ko's tasks.
  std::erase_if(*tasks, [](const klpx_task_info& info) {
    return info.engine != KLPX_ENGINE_KLPX;
  });
  std::sort(tasks->begin(), tasks->end(), [](const auto& a, const auto& b) {
    return std::tie(a.since_ns, a.key.tid, a.key.idle_cpu) <
           std::tie(b.since_ns, b.key.tid, b.key.idle_cpu);
  });
  return tasks;
}

absl::StatusOr<std::vector<std::string>> Observer::ReadStack(
    const klpx_task_key& key) const {
  return ReadTaskStack(pins_.read_stack.get(), key);
}

absl::StatusOr<Observer::Counters> Observer::ReadCounters() const {
  if (absl::Status pinned = CheckPinned(pins_); !pinned.ok()) return pinned;
  uint64_t values[KLPX_COUNTERS] = {};
  for (uint32_t index = 0; index < KLPX_COUNTERS; ++index) {
    const int error =
        bpf_map_lookup_elem(pins_.counters.get(), &index, &values[index]);
    if (error != 0) return ReadFailed(-error, KLPX_PIN_COUNTERS);
  }
  const absl::StatusOr<uint64_t> missed = CountMissedRuns();
  if (!missed.ok()) return missed.status();
  return Counters{
      .events = values[KLPX_COUNT_EVENTS],
      .events_lost = *missed,
      .state_lost = values[KLPX_COUNT_STATE_LOST],
      .read_failed = values[KLPX_COUNT_READ_FAILED],
  };
}

absl::Status Observer::Unpin() { return RemovePins(); }

}  // namespace klpx
