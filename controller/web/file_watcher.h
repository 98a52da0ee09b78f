// SPDX-License-Identifier: GPL-2.0
// The thread that reads the files: looks for a new snapshot several times a
// second and for new history every few seconds, and publishes each ServedState
// that differs from the last. If a file is gone, half written, foreign or too
// old, the ServedState says so and keeps what was read before.
#ifndef KLPX_CONTROLLER_WEB_FILE_WATCHER_H_
#define KLPX_CONTROLLER_WEB_FILE_WATCHER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/sys/proc/kernel.h"
#include "controller/web/served_state.h"

namespace klpx {

// Reads a file that may be replaced at any time by anything: an error unless it
// is a regular file of bounded size.
absl::StatusOr<std::string> ReadBounded(const std::string& path, size_t limit);

// What to type if the snapshot may not be read; "" for other errors.
std::string HintFor(const absl::Status& status, bool has_group);

class FileWatcher {
 public:
  struct Files {
    std::string snapshot;
    std::string history;
  };
  using Publish = std::function<void(std::shared_ptr<const ServedState>)>;

  // Starts a thread that publishes until the watcher is destroyed.
  FileWatcher(Kernel& kernel, Files files, Publish publish);
  ~FileWatcher();

 private:
  void Run();
  bool Poll(const Host& now);  // true if anything has changed
  bool PollSnapshot();
  bool PollHistory(const Host& now);
  void TakeHistory(const Json& history, const Host& now);
  bool Judge(const Host& now);

  Kernel& kernel_;
  const Files files_;
  const Publish publish_;
  ServedState served_;         // the last one published
  std::string snapshot_seen_;  // IdentityOf() the file that was read
  std::string history_seen_;
  std::string read_error_;
  absl::Duration next_history_;
  ProgressSeries series_;
  TransitionTotals totals_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_FILE_WATCHER_H_
