// SPDX-License-Identifier: GPL-2.0
// A thread that samples the machine and acts on it, so that keys are handled
// at once however long that takes. While the thread runs, only it may use the
// context.
#ifndef KLPX_CONTROLLER_TUI_WORKER_H_
#define KLPX_CONTROLLER_TUI_WORKER_H_

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/ops/entry/context.h"
#include "controller/sys/io/unique_fd.h"
#include "controller/view/top_state.h"

namespace klpx {

class Worker {
 public:
  static absl::StatusOr<std::unique_ptr<Worker>> Start(Context& context,
                                                       absl::Duration interval);
  // Waits for the thread to end, which may take long if Stop() returned false.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // The time between two samples. It becomes longer if a sample takes more than
  // a quarter of it: sampling takes at most a quarter of the time.
  void SetInterval(absl::Duration interval);
  // The stack of this task is read now, and with every sample.
  void Watch(const std::optional<klpx_task_key>& task);
  void Do(const Request& request);

  // Readable when there is news.
  int news_fd() const { return news_.get(); }

  struct News {
    std::shared_ptr<const Sample> sample;  // nullptr: none since the last call
    std::optional<TaskDetail> task;
    std::vector<ActionResult> results;
  };
  News Fetch();

  // Starts nothing more. False if the thread has not ended within this time.
  bool Stop(absl::Duration patience);

 private:
  Worker(Context& context, absl::Duration interval, UniqueFd news);

  void Run();
  void SignalNews();

  Context& context_;
  UniqueFd news_;
  std::mutex mutex_;  // guards all members below except thread_
  std::condition_variable wake_;
  absl::Duration interval_;
  std::optional<klpx_task_key> watched_;
  bool read_task_ = false;
  std::deque<Request> requests_;
  News fresh_;
  bool stop_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_TUI_WORKER_H_
