// SPDX-License-Identifier: GPL-2.0
// The target of a request and its Host header.
#include "controller/web/target.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "controller/web/limits.h"

namespace klpx {
namespace {

constexpr size_t kMostDigits = 9;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> Unescape(absl::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); i++) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+') {
      c = ' ';
    }
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) return std::nullopt;
    plain += c;
  }
  return plain;
}

bool IsAddress(const std::string& text, int family) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(family, text.c_str(), address) == 1;
}

bool IsPort(absl::string_view text) {
  int port = 0;
  return text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(text, &port) && port > 0 && port <= 65535;
}

}  // namespace

std::optional<Target> ParseTarget(absl::string_view text) {
  if (text.empty() || text[0] != '/' || text.size() > kLongestTargetBytes) {
    return std::nullopt;
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('?', 1));
  const std::optional<std::string> path = Unescape(parts.first);
  if (!path || absl::StrContains(*path, "..")) return std::nullopt;
  Target target;
  target.path = *path;
  for (const absl::string_view field :
       absl::StrSplit(parts.second, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(field, absl::MaxSplits('=', 1));
    const std::optional<std::string> name = Unescape(pair.first);
    const std::optional<std::string> value = Unescape(pair.second);
    if (!name || !value) return std::nullopt;
    target.parameters.insert_or_assign(*name, *value);
  }
  return target;
}

std::optional<size_t> NumberIn(const Target& target, const std::string& name,
                               size_t fallback) {
  const auto at = target.parameters.find(name);
  if (at == target.parameters.end()) return fallback;
  size_t number = 0;
  if (at->second.size() > kMostDigits ||
      !std::all_of(at->second.begin(), at->second.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(at->second, &number)) {
    return std::nullopt;
  }
  return number;
}

bool IsAllowedHost(absl::string_view host,
                   const std::vector<std::string>& names) {
  std::string name(host);
  if (!host.empty() && host[0] == '[') {
    const size_t end = host.find(']');
    if (end == absl::string_view::npos) return false;
    const absl::string_view rest = host.substr(end + 1);
    if (!rest.empty() && (rest[0] != ':' || !IsPort(rest.substr(1)))) {
      return false;
    }
    return IsAddress(std::string(host.substr(1, end - 1)), AF_INET6);
  }
  const size_t colon = host.find(':');
  if (colon != absl::string_view::npos) {
    if (!IsPort(host.substr(colon + 1))) return false;
    name.resize(colon);
  }
  if (IsAddress(name, AF_INET) || absl::EqualsIgnoreCase(name, "localhost")) {
    return true;
  }
  return std::any_of(names.begin(), names.end(), [&](const std::string& own) {
    return !own.empty() && absl::EqualsIgnoreCase(name, own);
  });
}

}  // namespace klpx
