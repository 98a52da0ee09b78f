// SPDX-License-Identifier: GPL-2.0
// Reads the pinned maps. How they come to be there: observer_pins.cc.
#include "controller/sys/observer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <poll.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "bpf/layout.h"
#include "controller/core/error.h"
#include "controller/core/run_files.h"
#include "controller/sys/file_lock.h"
#include "controller/sys/task_state_map.h"

namespace klpx {
namespace {

// How long another process may take to read the events it holds.
constexpr absl::Duration kEventsLockTimeout = absl::Seconds(5);

// From now on events are kept for us, also while we do not poll.
absl::Status RenewLease(int map) {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const uint32_t zero = 0;
  const klpx_listener listener = {.until_ns =
                                      now.tv_sec * UINT64_C(1000000000) +
                                      now.tv_nsec + KLPX_LISTENER_LEASE_NS};
  const int error = bpf_map_update_elem(map, &zero, &listener, BPF_ANY);
  if (error == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(-error, "cannot ask for events");
}

int PollMilliseconds(absl::Duration timeout) {
  constexpr absl::Duration kMax = absl::Hours(24);
  if (timeout == absl::InfiniteDuration()) return -1;
  const absl::Duration bounded =
      std::clamp(timeout, absl::ZeroDuration(), kMax);
  return absl::ToInt64Milliseconds(absl::Ceil(bounded, absl::Milliseconds(1)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Observer>> Observer::Attach() {
  absl::StatusOr<ObserverPins> pins = OpenOrMakePins();
  if (!pins.ok()) return pins.status();
  std::unique_ptr<Observer> observer(new Observer);
  observer->pins_ = *std::move(pins);
  observer->ring_ = ring_buffer__new(observer->pins_.events.get(), OnRecord,
                                     observer.get(), /*opts=*/nullptr);
  if (observer->ring_ == nullptr) return ReadFailed(errno, KLPX_PIN_EVENTS);
  return observer;
}

Observer::~Observer() { ring_buffer__free(ring_); }

absl::StatusOr<std::vector<klpx_task_info>> Observer::ReadTaskState() const {
  if (absl::Status pinned = CheckPinned(pins_); !pinned.ok()) return pinned;
  absl::StatusOr<std::vector<klpx_task_info>> tasks =
      ReadTaskMap(pins_.task_state.get());
  if (!tasks.ok()) return tasks;
  // The map is for both engines; this picture is of klpx.
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
      .events_lost = values[KLPX_COUNT_EVENTS_LOST] + *missed,
      .state_lost = values[KLPX_COUNT_STATE_LOST],
      .read_failed = values[KLPX_COUNT_READ_FAILED],
  };
}

int Observer::OnRecord(void* context, void* data, size_t size) {
  Observer* self = static_cast<Observer*>(context);
  klpx_event event;
  if (size != sizeof(event)) {
    self->malformed_ = true;
    return 0;
  }
  std::memcpy(&event, data, sizeof(event));
  self->received_.push_back(event);
  return 0;
}

absl::Status Observer::PollEvents(
    absl::Duration timeout, absl::FunctionRef<void(const klpx_event&)> fn) {
  if (absl::Status pinned = CheckPinned(pins_); !pinned.ok()) return pinned;
  absl::Status asked = RenewLease(pins_.listener.get());
  if (!asked.ok()) return asked;
  pollfd ready = {event_fd(), POLLIN, 0};
  const int count = poll(&ready, 1, PollMilliseconds(timeout));
  if (count < 0 && errno != EINTR) return ReadFailed(errno, KLPX_PIN_EVENTS);
  if (count <= 0) return absl::OkStatus();
  {
    // Two readers at once would undo each other's progress in the ring.
    const auto lock = FileLock::Wait(kEventsFile, "events", kEventsLockTimeout);
    if (!lock.ok()) return lock.status();
    const int consumed = ring_buffer__consume(ring_);
    if (consumed < 0) return ReadFailed(-consumed, KLPX_PIN_EVENTS);
  }
  const std::vector<klpx_event> events = std::exchange(received_, {});
  for (const klpx_event& event : events) fn(event);
  if (!std::exchange(malformed_, false)) return absl::OkStatus();
  return Error(ErrorKind::kBpfRefused, KLPX_PIN_EVENTS,
               ": holds a record of another size: run Unpin, attach again");
}

int Observer::event_fd() const { return ring_buffer__epoll_fd(ring_); }

absl::Status Observer::Unpin() { return RemovePins(); }

}  // namespace klpx
