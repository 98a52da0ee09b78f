// SPDX-License-Identifier: GPL-2.0
// Sends one GET and reads only the status line of the answer. Nothing here
// waits: call Poll() until it returns the status. Not done with a library,
// because libcurl would bring TLS, a resolver and threads into a program that
// runs as root, for one line from a numeric address.
#ifndef KLPX_CONTROLLER_SYS_IO_HTTP_PROBE_H_
#define KLPX_CONTROLLER_SYS_IO_HTTP_PROBE_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "controller/core/base/http_text.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

class HttpProbe {
 public:
  static absl::StatusOr<HttpProbe> Start(const HttpUrl& url);

  // Nothing until the status line has arrived; 0 for an answer that is not
  // HTTP. The caller enforces the time limit.
  std::optional<absl::StatusOr<int>> Poll();

 private:
  HttpProbe(UniqueFd socket, std::string request)
      : socket_(std::move(socket)), request_(std::move(request)) {}

  UniqueFd socket_;
  std::string request_;  // the part that is not sent yet
  std::string answer_;
  bool connected_ = false;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_HTTP_PROBE_H_
