// SPDX-License-Identifier: GPL-2.0
// The verb 'serve': the web page, the JSON API and /metrics.
#ifndef KLPX_CONTROLLER_WEB_SERVE_H_
#define KLPX_CONTROLLER_WEB_SERVE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

struct ServeOptions {
  std::vector<std::string> listen;      // ADDR:PORT
  std::vector<std::string> unix_paths;  // neither: kDefaultSocket
  std::vector<std::string> host_names;  // more Host names to accept
  std::string snapshot;                 // "": the daemon's
  std::string history;                  // "": this machine's
  std::string version;
};

// Runs until SIGTERM or SIGINT.
absl::StatusOr<int> RunServe(Kernel& kernel, const ServeOptions& options);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_SERVE_H_
