// SPDX-License-Identifier: GPL-2.0
// The part of HTTP that a probe needs.
#include "controller/core/base/http_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace klpx {
namespace {

// A longer line is not a status line.
constexpr size_t kStatusLineBytes = 512;
constexpr size_t kUrlBytes = 1024;

absl::Status Wrong(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(c);
  });
}

absl::StatusOr<uint16_t> ParsePort(absl::string_view text) {
  uint32_t port = 0;
  if (!IsDigits(text) || !absl::SimpleAtoi(text, &port) || port == 0 ||
      port > UINT16_MAX) {
    return Wrong("its port is not a number from 1 to 65535");
  }
  return static_cast<uint16_t>(port);
}

bool IsAddress(absl::string_view host, bool bracketed) {
  const absl::string_view allowed =
      bracketed ? "0123456789abcdefABCDEF:." : "0123456789.";
  return !host.empty() && host.find_first_not_of(allowed) == host.npos;
}

}  // namespace

absl::StatusOr<HttpUrl> ParseHttpUrl(absl::string_view text) {
  HttpUrl url;
  url.text = std::string(text);
  const bool printable = std::all_of(
      text.begin(), text.end(), [](char c) { return absl::ascii_isgraph(c); });
  if (!printable || text.size() > kUrlBytes) {
    return Wrong("it contains blanks or control characters, or is too long");
  }
  if (!absl::ConsumePrefix(&text, "http://")) {
    return Wrong("it must begin with http:// (https is not supported)");
  }
  const size_t slash = std::min(text.find('/'), text.size());
  if (slash < text.size()) url.path = std::string(text.substr(slash));
  absl::string_view host = text.substr(0, slash);
  const bool bracketed = absl::ConsumePrefix(&host, "[");
  const size_t end = bracketed ? host.find(']') : host.rfind(':');
  absl::string_view rest;
  if (bracketed && end == host.npos) return Wrong("']' is missing");
  if (end != host.npos) {
    rest = host.substr(end + (bracketed ? 1 : 0));
    host = host.substr(0, end);
  }
  if (absl::ConsumePrefix(&rest, ":")) {
    const absl::StatusOr<uint16_t> port = ParsePort(rest);
    if (!port.ok()) return port.status();
    url.port = *port;
  } else if (!rest.empty()) {
    return Wrong("what follows ']' is not a port");
  }
  url.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  if (!IsAddress(url.host, bracketed)) {
    return Wrong(
        "its host must be an address, such as 127.0.0.1 or [::1], or "
        "localhost");
  }
  return url;
}

std::string HttpRequest(const HttpUrl& url) {
  return absl::StrCat("GET ", url.path, " HTTP/1.0\r\nHost: ", url.host,
                      "\r\nUser-Agent: klp-controller\r\n"
                      "Connection: close\r\n\r\n");
}

std::optional<int> HttpStatus(absl::string_view answer) {
  const size_t newline = answer.find('\n');
  if (newline == answer.npos) {
    if (answer.size() > kStatusLineBytes) return 0;
    return std::nullopt;
  }
  absl::string_view line = answer.substr(0, newline);
  if (!absl::ConsumePrefix(&line, "HTTP/1.")) return 0;
  if (line.size() < 5 || !absl::ascii_isdigit(line[0]) || line[1] != ' ') {
    return 0;
  }
  const absl::string_view code = line.substr(2, 3);
  int status = 0;
  if (!IsDigits(code) || !absl::SimpleAtoi(code, &status)) return 0;
  if (line.size() > 5 && line[5] != ' ' && line[5] != '\r') return 0;
  return status;
}

}  // namespace klpx
