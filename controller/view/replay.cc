// SPDX-License-Identifier: GPL-2.0
// A past transition with a clock that can be moved.
#include "controller/view/replay.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "controller/core/base/text.h"
#include "controller/core/history/history_course.h"

namespace klpx {
namespace {

constexpr double kSlowest = 1.0 / 16;
constexpr double kFastest = 1024;
constexpr int kSteps = 20;
// So that even a transition that was complete at once can be viewed.
constexpr int64_t kShortestNs = 1000000;
// Bounds the clock: the numbers of a damaged file may be anything.
constexpr int64_t kLongestNs = INT64_C(400) * 24 * 3600 * 1000000000;

klpx_reason ReasonOf(const std::string& word) {
  for (int value = KLPX_NOT_CHECKED; value <= KLPX_EXITING; value++) {
    const klpx_reason reason = static_cast<klpx_reason>(value);
    if (ReasonWord(reason) == word) return reason;
  }
  return KLPX_NOT_CHECKED;
}

Blocker BlockerOf(const BlockerRecord& record, const std::string& patch) {
  Blocker blocker;
  klpx_task_info& info = blocker.info;
  info.key = record.key;
  patch.copy(info.patch, sizeof(info.patch) - 1);
  record.function.copy(info.function, sizeof(info.function) - 1);
  record.comm.copy(info.comm, sizeof(info.comm) - 1);
  info.reason = ReasonOf(record.reason);
  info.pid = record.pid;
  info.kthread = record.kthread;
  info.signals = record.signals;
  info.since_ns = record.since_ns;
  info.checked_ns = record.seen_ns;
  blocker.cgroup = record.cgroup;
  blocker.cmdline = record.cmdline;
  blocker.stack = record.stack;
  return blocker;
}

int64_t LastNs(const TransitionRecord& record, int64_t start_ns) {
  int64_t last = record.ended_ns.value_or(start_ns);
  if (record.ended_ns) return last;
  for (const BlockerRecord& task : record.blocked) {
    last = std::max(last, static_cast<int64_t>(task.seen_ns));
  }
  for (const HistoryEvent& event : record.events) {
    last = std::max(last, event.time_ns);
  }
  return last;
}

}  // namespace

Replay::Replay(Host host, TransitionRecord record)
    : host_(std::move(host)),
      record_(std::move(record)),
      start_ns_(record_.started_ns.value_or(record_.begun_ns)) {
  const int64_t last = LastNs(record_, start_ns_);
  // Neither time can be trusted: both come from a file.
  start_ns_ = std::clamp(start_ns_, INT64_C(0), kLongestNs);
  const int64_t ns = last > start_ns_ ? last - start_ns_ : 0;
  length_ = absl::Nanoseconds(std::clamp(ns, kShortestNs, kLongestNs));
}

int64_t Replay::NowNs() const {
  return start_ns_ + absl::ToInt64Nanoseconds(position_);
}

void Replay::Seek(absl::Duration position) {
  position_ = std::clamp(position, absl::ZeroDuration(), length_);
}

void Replay::Advance(absl::Duration elapsed) {
  if (!playing_) return;
  Seek(position_ + elapsed * speed_);
  if (position_ == length_) playing_ = false;
}

void Replay::Step(int steps) { Seek(position_ + length_ / kSteps * steps); }

void Replay::TogglePlaying() {
  if (!playing_ && position_ == length_) position_ = absl::ZeroDuration();
  playing_ = !playing_;
}

void Replay::Faster() { speed_ = std::min(speed_ * 2, kFastest); }

void Replay::Slower() { speed_ = std::max(speed_ / 2, kSlowest); }

Sample Replay::TakeSample() const {
  const int64_t now = NowNs();
  Sample sample;
  sample.recorded = true;
  sample.host = host_;
  sample.host.kernel = record_.kernel;
  sample.host.boot_id = record_.boot_id;
  sample.host.monotonic_ns = now;
  sample.host.time = WallTime(record_, now);
  PatchState patch;
  patch.name = record_.patch;
  patch.registered = true;
  patch.transition = true;
  patch.enabled = record_.patching;
  for (const HistoryEvent& event : record_.events) {
    if (event.kind == "reverse" && event.time_ns <= now) {
      patch.enabled = !patch.enabled;
    }
  }
  patch.model = record_.model;
  patch.replaces = record_.replaces;
  patch.tasks = record_.tasks;
  patch.elapsed_ms = absl::ToInt64Milliseconds(position_);
  sample.patches.push_back(std::move(patch));
  for (const BlockerRecord& task : record_.blocked) {
    if (task.since_ns == 0) continue;
    if (static_cast<int64_t>(task.since_ns) > now) continue;
    if (static_cast<int64_t>(task.seen_ns) < now) continue;
    sample.blockers.push_back(BlockerOf(task, record_.patch));
  }
  if (!WasWatched(record_, now)) {
    sample.blockers_missing = record_.watched.empty()
                                  ? "the history has no observation of it"
                                  : "no process was observing at this moment";
  }
  return sample;
}

std::vector<TopEvent> Replay::Events() const {
  std::vector<TopEvent> events;
  for (CourseLine& line : CourseOf(record_)) {
    if (line.time_ns > NowNs()) continue;
    events.push_back({line.time_ns, std::move(line.text), Style::kPlain});
  }
  return events;
}

}  // namespace klpx
