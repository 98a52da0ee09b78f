// SPDX-License-Identifier: GPL-2.0
// The verb 'serve'.
#include "controller/web/serve.h"

#include <unistd.h>

#include <iostream>
#include <memory>
#include <utility>

#include "controller/core/base/error.h"
#include "controller/core/base/run_files.h"
#include "controller/store/store.h"
#include "controller/sys/io/file_lock.h"
#include "controller/web/file_watcher.h"
#include "controller/web/listen.h"
#include "controller/web/privileges.h"
#include "controller/web/server.h"

namespace klpx {
namespace {

// On the default socket, which only root and group klpx may open.
absl::StatusOr<Listener> ListenByDefault() {
  const std::string path = kDefaultSocket;
  const absl::Status made = MakeRunDirectory(kRunDirectory);
  absl::StatusOr<Listener> listener =
      made.ok() ? ListenUnix(path) : absl::StatusOr<Listener>(made);
  if (listener.ok() || geteuid() == 0) return listener;
  return Error(ErrorKind::kUsage, "serve: only root can listen on ", path,
               "; give --unix PATH, or --listen ", kDefaultListen,
               ", which every local account can read");
}

absl::StatusOr<std::vector<Listener>> OpenListeners(
    const ServeOptions& options) {
  absl::StatusOr<std::vector<Listener>> listeners = TakeSystemdSockets();
  if (!listeners.ok()) return listeners;
  const auto add = [&](absl::StatusOr<Listener> listener) {
    if (listener.ok()) listeners->push_back(*std::move(listener));
    return listener.status();
  };
  absl::Status added = absl::OkStatus();
  for (const std::string& address : options.listen) {
    if (added.ok()) added = add(ListenTcp(address));
  }
  for (const std::string& path : options.unix_paths) {
    if (added.ok()) added = add(ListenUnix(path));
  }
  if (added.ok() && listeners->empty()) added = add(ListenByDefault());
  if (!added.ok()) return added;
  return listeners;
}

// Tells the user who started the server where it listens, with warnings.
void PrintListeners(const std::vector<Listener>& listeners) {
  for (const Listener& listener : listeners) {
    const std::string warning = ReachWarning(listener);
    if (!warning.empty()) {
      std::cerr << "klp-controller: warning: serve: " << warning << "\n";
    }
    std::cerr << "klp-controller: serving on " << listener.name << "\n";
  }
}

}  // namespace

absl::StatusOr<int> RunServe(Kernel& kernel, const ServeOptions& options) {
  absl::StatusOr<std::vector<Listener>> listeners = OpenListeners(options);
  if (!listeners.ok()) return listeners.status();
  const absl::Status dropped = DropPrivileges();
  if (!dropped.ok()) return dropped;
  const std::string snapshot =
      options.snapshot.empty() ? kSnapshotFile : options.snapshot;
  const std::string history =
      options.history.empty() ? kHistoryFile : options.history;
  std::vector<std::string> names = options.host_names;
  names.push_back(kernel.ReadHost().name);
  PrintListeners(*listeners);
  Server server({kernel, options.version, history}, std::move(names));
  const FileWatcher watcher(
      kernel, {snapshot, history},
      [&server](std::shared_ptr<const ServedState> served) {
        server.Publish(std::move(served));
      });
  const absl::Status served = server.Run(*std::move(listeners));
  if (!served.ok()) return served;
  return 0;
}

}  // namespace klpx
