// SPDX-License-Identifier: GPL-2.0
// The verb 'serve'.
#include "controller/web/serve.h"

#include <iostream>
#include <utility>

#include "controller/core/run_files.h"
#include "controller/history/store.h"
#include "controller/web/listen.h"
#include "controller/web/privileges.h"
#include "controller/web/server.h"
#include "controller/web/watcher.h"

namespace klpx {
namespace {

absl::StatusOr<std::vector<Listener>> OpenListeners(
    const ServeOptions& options) {
  absl::StatusOr<std::vector<Listener>> listeners = TakeSystemdSockets();
  if (!listeners.ok()) return listeners;
  std::vector<std::string> addresses = options.listen;
  if (addresses.empty() && options.unix_paths.empty() && listeners->empty()) {
    addresses.push_back(kDefaultListen);
  }
  for (const std::string& address : addresses) {
    absl::StatusOr<Listener> listener = ListenTcp(address);
    if (!listener.ok()) return listener.status();
    if (!ParseListen(address)->loopback) {
      std::cerr << "klp-controller: warning: serve: whoever reaches " << address
                << " can read it; there is no password\n";
    }
    listeners->push_back(*std::move(listener));
  }
  for (const std::string& path : options.unix_paths) {
    absl::StatusOr<Listener> listener = ListenUnix(path);
    if (!listener.ok()) return listener.status();
    listeners->push_back(*std::move(listener));
  }
  return listeners;
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
  for (const Listener& listener : *listeners) {
    std::cerr << "klp-controller: serving on " << listener.name << "\n";
  }
  Server server({kernel, options.version, history}, std::move(names));
  const Watcher watcher(kernel, {snapshot, history},
                        [&server](std::shared_ptr<const View> view) {
                          server.Publish(std::move(view));
                        });
  const absl::Status served = server.Run(*std::move(listeners));
  if (!served.ok()) return served;
  return 0;
}

}  // namespace klpx
