// SPDX-License-Identifier: GPL-2.0
// A thread that samples the machine and acts on it.
#include "controller/tui/worker.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "controller/sys/io/errno_status.h"
#include "controller/tui/act.h"
#include "controller/tui/sampler.h"

namespace klpx {
namespace {

// Samples may take at most 1/kShare of the time.
constexpr int kShare = 4;

}  // namespace

absl::StatusOr<std::unique_ptr<Worker>> Worker::Start(Context& context,
                                                      absl::Duration interval) {
  UniqueFd news(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!news.ok()) return ErrnoError(errno, "eventfd");
  std::unique_ptr<Worker> worker(
      new Worker(context, interval, std::move(news)));
  worker->thread_ = std::thread([&worker = *worker] { worker.Run(); });
  return worker;
}

Worker::Worker(Context& context, absl::Duration interval, UniqueFd news)
    : context_(context), news_(std::move(news)), interval_(interval) {}

Worker::~Worker() {
  Stop(absl::ZeroDuration());
  if (thread_.joinable()) thread_.join();
}

void Worker::SetInterval(absl::Duration interval) {
  const std::lock_guard lock(mutex_);
  interval_ = interval;
  wake_.notify_all();
}

void Worker::Watch(const std::optional<klpx_task_key>& task) {
  const std::lock_guard lock(mutex_);
  const bool same = task && watched_ && *task == *watched_;
  watched_ = task;
  if (!task) read_task_ = false;
  if (!task || same) return;
  read_task_ = true;
  wake_.notify_all();
}

void Worker::Do(const Request& request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  wake_.notify_all();
}

Worker::News Worker::Fetch() {
  uint64_t count = 0;
  // The read does not block, and only resets the event: the data is under the
  // lock.
  (void)!read(news_.get(), &count, sizeof(count));
  const std::lock_guard lock(mutex_);
  return std::exchange(fresh_, News());
}

bool Worker::Stop(absl::Duration patience) {
  std::unique_lock lock(mutex_);
  stop_ = true;
  wake_.notify_all();
  return wake_.wait_for(lock, absl::ToChronoMilliseconds(patience),
                        [this] { return ended_; });
}

void Worker::SignalNews() {
  const uint64_t one = 1;
  (void)!write(news_.get(), &one, sizeof(one));
}

void Worker::Run() {
  Sampler sampler(context_.kernel, context_.machine.observer,
                  context_.recorder);
  absl::Duration last = -absl::InfiniteDuration();
  absl::Duration took;
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const absl::Duration due = last + std::max(interval_, took * kShare);
    const absl::Duration now = context_.kernel.Monotonic();
    if (requests_.empty() && !read_task_ && now < due) {
      wake_.wait_for(lock, absl::ToChronoMilliseconds(
                               std::max(due - now, absl::Milliseconds(1))));
      continue;
    }
    std::optional<Request> request;
    if (!requests_.empty()) {
      request = requests_.front();
      requests_.pop_front();
    }
    // A request is followed by a sample at once, to show its effect.
    const bool sample_due = request || now >= due;
    const std::optional<klpx_task_key> watched = watched_;
    read_task_ = false;
    lock.unlock();
    News news;
    // The time of the request, not of its end: its effects have to come later.
    const absl::Duration asked = context_.kernel.Monotonic();
    if (request) {
      news.results.push_back(Act(context_, *request));
      news.results.back().time_ns = absl::ToInt64Nanoseconds(asked);
    }
    if (sample_due) {
      news.sample = sampler.TakeSample();
      took = news.sample->took;
      last = context_.kernel.Monotonic();
    }
    if (watched) news.task = sampler.ReadTask(*watched);
    lock.lock();
    if (news.sample) fresh_.sample = std::move(news.sample);
    if (news.task) fresh_.task = std::move(news.task);
    for (ActionResult& result : news.results) {
      fresh_.results.push_back(std::move(result));
    }
    SignalNews();
  }
  ended_ = true;
  wake_.notify_all();
}

}  // namespace klpx
