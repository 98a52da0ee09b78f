// SPDX-License-Identifier: GPL-2.0
// What a request asks for, and of whom: its target taken apart, and the Host
// header judged. Pure.
#ifndef KLPX_CONTROLLER_WEB_TARGET_H_
#define KLPX_CONTROLLER_WEB_TARGET_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace klpx {

struct Target {
  std::string path;
  std::map<std::string, std::string> parameters;
};

// "/a/b?c=d%20e". Nothing if it is not one: another form, bad escapes, control
// characters, a path with "..".
std::optional<Target> ParseTarget(absl::string_view text);

// A number of at most 9 digits; fallback if the parameter is not there, nothing
// if it is something else.
std::optional<size_t> NumberIn(const Target& target, const std::string& name,
                               size_t fallback);

// May a browser have been led here under this name? A page of an attacker can
// make its own name point to this address, but not an IP literal, localhost or
// a name of this machine.
bool IsAllowedHost(absl::string_view host,
                   const std::vector<std::string>& names);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_TARGET_H_
