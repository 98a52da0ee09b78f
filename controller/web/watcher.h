// SPDX-License-Identifier: GPL-2.0
// The thread that reads: looks for a new snapshot several times a second, for
// new history now and then, and hands each View that differs to whoever serves
// it. A file that is gone, half written, foreign or too old makes a View that
// says so, beside what was read before it.
#ifndef KLPX_CONTROLLER_WEB_WATCHER_H_
#define KLPX_CONTROLLER_WEB_WATCHER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/sys/proc/kernel.h"
#include "controller/web/view.h"

namespace klpx {

// A file that may be replaced at any time, by anything: a regular one of
// bounded size, or an error.
absl::StatusOr<std::string> ReadBounded(const std::string& path, size_t limit);

// What to type where the snapshot may not be read; "" for other errors.
std::string HintFor(const absl::Status& status, bool has_group);

class Watcher {
 public:
  struct Files {
    std::string snapshot;
    std::string history;
  };
  using Publish = std::function<void(std::shared_ptr<const View>)>;

  // Publishes from a thread of its own, from now until it is destroyed.
  Watcher(Kernel& kernel, Files files, Publish publish);
  ~Watcher();

 private:
  void Run();
  bool Look(const Host& now);  // has anything changed?
  bool LookAtSnapshot();
  bool LookAtHistory(const Host& now);
  void TakeHistory(const Json& history, const Host& now);
  bool Judge(const Host& now);

  Kernel& kernel_;
  const Files files_;
  const Publish publish_;
  View view_;                  // what was published last
  std::string snapshot_seen_;  // which file that was
  std::string history_seen_;
  std::string read_error_;
  absl::Duration next_history_;
  ProgressSeries series_;
  TransitionTotals totals_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_WATCHER_H_
