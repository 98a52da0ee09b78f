// SPDX-License-Identifier: GPL-2.0
// The part of HTTP that a probe needs: the URL, the request, and the status in
// the first line of the answer.
#ifndef KLPX_CONTROLLER_CORE_BASE_HTTP_TEXT_H_
#define KLPX_CONTROLLER_CORE_BASE_HTTP_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace klpx {

struct HttpUrl {
  std::string host;  // an address; "localhost" is 127.0.0.1
  uint16_t port = 80;
  std::string path = "/";
  std::string text;  // as the user wrote it
};

// The host is 127.0.0.1, [::1] or localhost, or another address: names are not
// resolved, as that can take any time. The error says what is wrong.
absl::StatusOr<HttpUrl> ParseHttpUrl(absl::string_view text);

std::string HttpRequest(const HttpUrl& url);

// 200 for "HTTP/1.1 200 OK\r\n". Nothing if the line is not complete yet; 0 if
// it cannot be a status line.
std::optional<int> HttpStatus(absl::string_view answer);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_HTTP_TEXT_H_
