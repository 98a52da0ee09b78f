// SPDX-License-Identifier: GPL-2.0
// The daemon's messages to its service manager (sd_notify(3)). If there is no
// service manager, or it does not listen, they are dropped.
#ifndef KLPX_CONTROLLER_DAEMON_NOTIFY_H_
#define KLPX_CONTROLLER_DAEMON_NOTIFY_H_

#include <string>

#include "absl/time/time.h"

namespace klpx {

class ServiceManager {
 public:
  // Reads how often the manager expects a sign of life.
  ServiceManager();

  void Ready();
  void Reloading(absl::Duration now);
  void Stopping();

  // Sends STATUS= if the line has changed.
  void Status(const std::string& line);

  // Called once per round of the loop. Sends WATCHDOG=1 at half the interval
  // that the manager asks for.
  void Alive(absl::Duration now);
  // When Alive() has to be called again; infinite without a watchdog.
  absl::Duration NextAlive() const { return alive_ + alive_interval_; }

 private:
  absl::Duration alive_interval_ = absl::InfiniteDuration();
  absl::Duration alive_;
  std::string status_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_DAEMON_NOTIFY_H_
