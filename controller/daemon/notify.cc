// SPDX-License-Identifier: GPL-2.0
// The daemon's messages to its service manager.
#include "controller/daemon/notify.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

extern "C" {
#include <systemd/sd-daemon.h>
}

namespace klpx {
namespace {

void Send(const std::string& text) {
  sd_notify(/*unset_environment=*/0, text.c_str());
}

}  // namespace

ServiceManager::ServiceManager() {
  uint64_t interval_us = 0;
  if (sd_watchdog_enabled(/*unset_environment=*/0, &interval_us) > 0) {
    alive_interval_ = absl::Microseconds(interval_us) / 2;
  }
}

void ServiceManager::Ready() { Send("READY=1"); }

void ServiceManager::Reloading(absl::Duration now) {
  Send(absl::StrCat("RELOADING=1\nMONOTONIC_USEC=",
                    absl::ToInt64Microseconds(now)));
}

void ServiceManager::Stopping() { Send("STOPPING=1"); }

void ServiceManager::Status(const std::string& line) {
  if (line == status_) return;
  status_ = line;
  Send(absl::StrCat("STATUS=", line));
}

void ServiceManager::Alive(absl::Duration now) {
  if (now < NextAlive()) return;
  alive_ = now;
  Send("WATCHDOG=1");
}

}  // namespace klpx
