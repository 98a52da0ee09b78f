// SPDX-License-Identifier: GPL-2.0
// BlockerSource over the BPF observer.
#include <utility>

#include "controller/core/error.h"
#include "controller/sys/blocker_source.h"
#include "controller/sys/observer.h"

namespace klpx {
namespace {

class BpfBlockers final : public BlockerSource {
 public:
  explicit BpfBlockers(std::unique_ptr<Observer> observer)
      : observer_(std::move(observer)) {}

  absl::StatusOr<std::vector<klpx_task_info>> ReadTaskState() override {
    return observer_->ReadTaskState();
  }

  absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key& key) override {
    return observer_->ReadStack(key);
  }

  absl::StatusOr<LossCounters> ReadCounters() override {
    const absl::StatusOr<Observer::Counters> counters =
        observer_->ReadCounters();
    if (!counters.ok()) return counters.status();
    return LossCounters{counters->events, counters->events_lost,
                        counters->state_lost, counters->read_failed};
  }

 private:
  std::unique_ptr<Observer> observer_;
};

class BpfAccess final : public ObserverAccess {
 public:
  absl::StatusOr<std::unique_ptr<BlockerSource>> Attach() override {
    absl::StatusOr<std::unique_ptr<Observer>> observer = Observer::Attach();
    if (!observer.ok()) {
      return WithDefaultKind(observer.status(), ErrorKind::kBpfRefused);
    }
    return std::make_unique<BpfBlockers>(*std::move(observer));
  }

  absl::Status Unpin() override { return Observer::Unpin(); }

  absl::StatusOr<std::unique_ptr<StackWalk>> OpenStackWalk() override {
    return OpenBpfStackWalk();
  }
};

}  // namespace

std::unique_ptr<ObserverAccess> BpfObserverAccess() {
  return std::make_unique<BpfAccess>();
}

}  // namespace klpx
