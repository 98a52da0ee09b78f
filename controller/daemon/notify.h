// SPDX-License-Identifier: GPL-2.0
// What the daemon tells its service manager (sd_notify(3)). Without one, or if
// it does not listen, nothing is told, and nothing else changes.
#ifndef KLPX_CONTROLLER_DAEMON_NOTIFY_H_
#define KLPX_CONTROLLER_DAEMON_NOTIFY_H_

#include <string>

#include "absl/time/time.h"

namespace klpx {

class ServiceManager {
 public:
  // Reads how often it wants to hear from a service that is alive.
  ServiceManager();

  void Ready();
  void Reloading(absl::Duration now);
  void Stopping();

  // STATUS=, when it is another than the last.
  void Status(const std::string& line);

  // The loop has gone round. WATCHDOG=1 at half the interval asked for.
  void Alive(absl::Duration now);
  // When Alive() has to be called again; infinite if it need not.
  absl::Duration NextAlive() const { return alive_ + alive_interval_; }

 private:
  absl::Duration alive_interval_ = absl::InfiniteDuration();
  absl::Duration alive_;
  std::string status_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_NOTIFY_H_
