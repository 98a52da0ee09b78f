// SPDX-License-Identifier: GPL-2.0
// The answer to a request. Knows the paths and the ServedState; sockets and the
// reading of requests are the server's business.
#ifndef KLPX_CONTROLLER_WEB_API_H_
#define KLPX_CONTROLLER_WEB_API_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/sys/proc/kernel.h"
#include "controller/web/served_state.h"

namespace klpx {

struct HttpRequest {
  bool head = false;
  std::string target;
  std::string accept;
  std::string if_none_match;
};

struct Answer {
  int status = 200;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  SharedText body;      // null: none
  bool stream = false;  // a stream of events follows the header
};

struct ApiContext {
  Kernel& kernel;
  std::string version;
  std::string history_file;
};

Answer AnswerTo(const HttpRequest& request, const ServedState& served,
                const ApiContext& context);

// An answer with a klp.error/v1 document.
Answer ErrorAnswer(int status, absl::string_view message, const Host& host);

// The status line and all headers, including those that forbid framing,
// sniffing and foreign scripts.
std::string HeaderText(const Answer& answer, bool keep_alive);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_API_H_
