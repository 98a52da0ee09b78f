// SPDX-License-Identifier: GPL-2.0
// A thread that looks at the machine and acts on it, so that keys are answered
// at once however long that takes. From its start to its end the context is the
// thread's alone.
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
#include "controller/ops/kernel/context.h"
#include "controller/sys/io/unique_fd.h"
#include "controller/view/top_state.h"

namespace klpx {

class Worker {
 public:
  static absl::StatusOr<std::unique_ptr<Worker>> Start(Context& context,
                                                       absl::Duration interval);
  // Waits for what is being done; Stop() says whether that may take long.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // From one look to the next. It is longer when a look takes more than a
  // quarter of it: no more than that is spent on looking.
  void SetInterval(absl::Duration interval);
  // Whose stack is read with every look, and now.
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

  // Begins nothing more. False if it has not ended within this time.
  bool Stop(absl::Duration patience);

 private:
  Worker(Context& context, absl::Duration interval, UniqueFd news);

  void Run();
  void Tell();

  Context& context_;
  UniqueFd news_;
  std::mutex mutex_;  // guards all below but thread_
  std::condition_variable wake_;
  absl::Duration interval_;
  std::optional<klpx_task_key> watched_;
  bool look_at_task_ = false;
  std::deque<Request> requests_;
  News fresh_;
  bool stop_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_TUI_WORKER_H_
