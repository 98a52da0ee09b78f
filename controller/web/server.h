// SPDX-License-Identifier: GPL-2.0
// HTTP/1.1 on listening sockets: reads requests within limits.h, sends the
// answers of api.h, and pushes each new ServedState to the event streams. One
// thread. Only the server and its sessions use Boost.
#ifndef KLPX_CONTROLLER_WEB_SERVER_H_
#define KLPX_CONTROLLER_WEB_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "controller/web/api.h"
#include "controller/web/listen.h"
#include "controller/web/served_state.h"

namespace klpx {

class Server {
 public:
  // host_names: accepted in the Host header besides localhost.
  Server(ApiContext context, std::vector<std::string> host_names);
  ~Server();

  // May be called from any thread.
  void Publish(std::shared_ptr<const ServedState> served);

  // Serves until SIGTERM or SIGINT.
  absl::Status Run(std::vector<Listener> listeners);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_SERVER_H_
