// SPDX-License-Identifier: GPL-2.0
// BlockerSource over two sources that work without each other: the BPF observer
// of klpx.ko, which keeps its map up to date, and the tasks of the kernel's own
// livepatch, which reads the tasks on demand.
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/bpf/livepatch_tasks.h"
#include "controller/sys/bpf/observer.h"
#include "controller/sys/proc/pid_namespace.h"

namespace klpx {
namespace {

class BpfBlockers final : public BlockerSource {
 public:
  // `observer` is null if klpx.ko is not loaded.
  explicit BpfBlockers(std::unique_ptr<Observer> observer)
      : observer_(std::move(observer)) {}

  absl::StatusOr<std::vector<klpx_task_info>> ReadTaskState() override {
    std::vector<klpx_task_info> tasks;
    if (observer_) {
      auto ours = observer_->ReadTaskState();
      if (!ours.ok()) return ours;
      tasks = *std::move(ours);
    }
    const auto theirs = ReadLivepatch();
    if (!theirs.ok()) return theirs;
    tasks.insert(tasks.end(), theirs->begin(), theirs->end());
    return tasks;
  }

  absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key& key) override {
    if (observer_) return observer_->ReadStack(key);
    if (livepatch_) return livepatch_->ReadStack(key);
    return std::vector<std::string>();
  }

  absl::StatusOr<LossCounters> ReadCounters() override {
    LossCounters losses;
    losses.state_lost = livepatch_ ? livepatch_->state_lost() : 0;
    if (!observer_) return losses;
    const absl::StatusOr<Observer::Counters> counters =
        observer_->ReadCounters();
    if (!counters.ok()) return counters.status();
    losses.events = counters->events;
    losses.events_lost = counters->events_lost;
    losses.state_lost += counters->state_lost;
    losses.read_failed = counters->read_failed;
    return losses;
  }

 private:
  // Loads its BPF programs only when a transition is running.
  absl::StatusOr<std::vector<klpx_task_info>> ReadLivepatch() {
    if (!LivepatchMoves()) {
      ForgetLivepatchTasks();
      return std::vector<klpx_task_info>();
    }
    // Otherwise the read would miss tasks and report that none blocks.
    const absl::Status sees = CheckSeesAllTasks();
    if (!sees.ok()) return sees;
    if (!livepatch_) {
      auto opened = OpenLivepatchTasks();
      if (!opened.ok()) {
        return WithDefaultKind(opened.status(), ErrorKind::kBpfRefused);
      }
      livepatch_ = *std::move(opened);
    }
    return livepatch_->Read();
  }

  std::unique_ptr<Observer> observer_;
  std::unique_ptr<LivepatchTasks> livepatch_;
};

class BpfAccess final : public ObserverAccess {
 public:
  absl::StatusOr<std::unique_ptr<BlockerSource>> Attach() override {
    const bool loaded = access("/sys/module/" KLPX_MODULE_NAME, F_OK) == 0;
    if (!loaded && HasLivepatch()) {
      return std::make_unique<BpfBlockers>(nullptr);
    }
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
