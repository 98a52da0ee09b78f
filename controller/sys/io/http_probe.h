// SPDX-License-Identifier: GPL-2.0
// One GET of which only the status line is read. Nothing here waits: Poll() is
// called until it tells the status. Written out, and not left to a library:
// libcurl brings TLS, a resolver and threads into a program of root's, for one
// line from an address that is given in numbers.
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

  // Nothing while the status line is not there; 0 for an answer that is not
  // HTTP. It is the caller who grows impatient.
  std::optional<absl::StatusOr<int>> Poll();

 private:
  HttpProbe(UniqueFd socket, std::string request)
      : socket_(std::move(socket)), request_(std::move(request)) {}

  UniqueFd socket_;
  std::string request_;  // what is not sent yet
  std::string answer_;
  bool connected_ = false;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_HTTP_PROBE_H_
