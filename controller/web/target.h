// SPDX-License-Identifier: GPL-2.0
// Parses the target of a request, and checks its Host header. Pure.
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

// Parses "/a/b?c=d%20e". nullopt for any other form, for bad escapes, control
// characters, or a path with "..".
std::optional<Target> ParseTarget(absl::string_view text);

// A number of at most 9 digits; fallback if the parameter is missing, nullopt
// if it is anything else.
std::optional<size_t> NumberIn(const Target& target, const std::string& name,
                               size_t fallback);

// False if an attacker may have led a browser here under this name (DNS
// rebinding). An attacker's page can make its own name point to this address,
// but not an IP literal, localhost or a name of this machine.
bool IsAllowedHost(absl::string_view host,
                   const std::vector<std::string>& names);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_TARGET_H_
