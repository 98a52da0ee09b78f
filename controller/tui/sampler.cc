// SPDX-License-Identifier: GPL-2.0
// Samples the machine for top.
#include "controller/tui/sampler.h"

#include <algorithm>
#include <utility>

#include "controller/core/base/abi.h"
#include "controller/core/kernel/recent_transitions.h"
#include "controller/ops/history/record.h"
#include "controller/ops/kernel/blockers.h"
#include "controller/ops/kernel/engine.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr char kRecentFile[] = KLPX_STATS_DIR "/recent";
constexpr char kNeedsRoot[] = "needs root; run top with sudo";
// The time that one sample may spend on /proc, and the number of tasks that are
// read at once.
constexpr absl::Duration kProcTime = absl::Milliseconds(100);
constexpr size_t kProcTasks = 32;
constexpr uint64_t kTransitionsShown = 10;
constexpr size_t kRecordedTasks = 100;

}  // namespace

std::shared_ptr<const Sample> Sampler::TakeSample() {
  auto sample = std::make_shared<Sample>();
  const absl::Duration start = kernel_.Monotonic();
  // The time first: a transition that is read as running ends after it, so the
  // events of this sample stand before that end.
  sample->host = kernel_.ReadHost();
  const absl::Status engine = CheckEngineAbi(kernel_);
  sample->engine_missing = std::string(engine.message());
  sample->patches = ReadPatches(kernel_);
  RelateByAddress(kernel_, places_, sample->patches);
  const std::string recent = kernel_.ReadFile(kRecentFile).value_or("");
  sample->recent = ParseRecent(recent);
  const PatchState* patch = Moving(*sample);
  if (patch != nullptr) {
    const absl::Status read = ReadTasks(*patch, *sample);
    sample->blockers_missing = std::string(read.message());
    history_known_ = false;
  } else {
    facts_.clear();
    if (recording_) RecordEnd(*recording_);
    recording_.reset();
    history_known_ = history_known_ && recent == remembered_;
    remembered_ = recent;
    ReadHistory(*sample);
  }
  sample->took = kernel_.Monotonic() - start;
  return sample;
}

absl::Status Sampler::ReadTasks(const PatchState& patch, Sample& sample) {
  if (!kernel_.IsRoot()) return absl::UnavailableError(kNeedsRoot);
  // Try twice: another process may have replaced the pins.
  for (int tries = 0;; tries++) {
    if (source_ == nullptr) {
      auto source = observer_.Attach();
      if (!source.ok()) return source.status();
      source_ = *std::move(source);
      FillIfEmpty(kernel_, *source_, patch);
    }
    auto blockers = ReadBlockers(*source_, patch.name);
    if (blockers.ok()) {
      sample.blockers = *std::move(blockers);
      break;
    }
    source_ = nullptr;
    if (tries > 0) return blockers.status();
  }
  AddKnownFacts(sample.blockers);
  Record(patch, sample);
  const absl::StatusOr<LossCounters> losses = source_->ReadCounters();
  if (losses.ok() && losses->state_lost > 0) {
    return absl::UnavailableError(
        "the map of tasks was full; some tasks are missing");
  }
  return losses.status();
}

// Records like any other process that watches. A failure becomes visible when
// the history is read.
void Sampler::Record(const PatchState& patch, const Sample& sample) {
  const RecentTransition* running = Running(sample);
  std::pair<std::string, int64_t> key = {
      patch.name, running == nullptr ? 0 : running->started_ns};
  if (!recording_) {
    recording_.emplace(AnotherRecorder(recorder_, aside_console_));
  }
  if (key != recorded_ || recording_->id == 0) {
    recorded_ = std::move(key);
    RecordStart(*recording_, patch.name);
  }
  // With very many tasks, recording all of them would delay the screen, and
  // some are enough. They have to be the same in each sample: a task that a
  // later sample leaves out is recorded as switched.
  std::vector<Blocker> some;
  const auto& seen = recording_->seen;
  size_t room = kRecordedTasks - std::min(seen.size(), kRecordedTasks);
  for (const Blocker& blocker : sample.blockers) {
    const bool known = seen.contains(blocker.info.key);
    if (!known && room == 0) continue;
    if (!known) room--;
    some.push_back(blocker);
  }
  RecordBlockers(*recording_, *source_, patch, some);
  aside_.str("");
}

void Sampler::LearnFacts(const std::vector<Blocker>& blockers) {
  const absl::Duration start = kernel_.Monotonic();
  std::vector<Blocker> unknown;
  for (size_t i = 0; i <= blockers.size(); i++) {
    const bool last = i == blockers.size();
    if (last || unknown.size() == kProcTasks) {
      AddProcFacts(kernel_, unknown);
      for (Blocker& task : unknown) {
        facts_[task.info.key] = {std::move(task.cgroup),
                                 std::move(task.cmdline)};
      }
      unknown.clear();
    }
    if (last || kernel_.Monotonic() - start > kProcTime) return;
    if (facts_.contains(blockers[i].info.key)) continue;
    unknown.push_back(blockers[i]);
  }
}

void Sampler::AddKnownFacts(std::vector<Blocker>& blockers) {
  LearnFacts(blockers);
  std::map<klpx_task_key, ProcFacts> still;
  for (Blocker& blocker : blockers) {
    auto known = facts_.extract(blocker.info.key);
    if (!known) continue;
    blocker.cgroup = known.mapped().cgroup;
    blocker.cmdline = known.mapped().cmdline;
    still.insert(std::move(known));
  }
  facts_ = std::move(still);
}

void Sampler::ReadHistory(Sample& sample) {
  if (!history_known_) {
    history_known_ = true;
    history_.clear();
    history_missing_.clear();
    if (!kernel_.IsRoot()) {
      history_missing_ = kNeedsRoot;
    } else {
      absl::StatusOr<HistoryStore> store =
          OpenReconciled(recorder_, recorder_.path);
      HistoryFilter newest;
      newest.limit = kTransitionsShown;
      auto records =
          store.ok()
              ? store->Query(newest)
              : absl::StatusOr<std::vector<TransitionRecord>>(store.status());
      if (records.ok()) history_ = *std::move(records);
      if (!records.ok() && !absl::IsNotFound(records.status())) {
        history_missing_ = std::string(records.status().message());
      }
    }
  }
  sample.history = history_;
  sample.history_missing = history_missing_;
}

TaskDetail Sampler::ReadTask(const klpx_task_key& key) {
  TaskDetail detail;
  detail.key = key;
  if (source_ == nullptr) {
    detail.missing = "the blocking tasks are not known";
    return detail;
  }
  auto stack = source_->ReadStack(key);
  if (stack.ok()) {
    detail.stack = *std::move(stack);
  } else {
    detail.missing = std::string(stack.status().message());
  }
  std::vector<Blocker> one(1);
  one[0].info.key = key;
  AddProcFacts(kernel_, one);
  detail.cgroup = std::move(one[0].cgroup);
  detail.cmdline = std::move(one[0].cmdline);
  return detail;
}

}  // namespace klpx
