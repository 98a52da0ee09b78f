// SPDX-License-Identifier: GPL-2.0
// The ways in which users name a patch, and the module name that results.
#include "controller/core/base/patch_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "controller/core/base/abi.h"

namespace klpx {

namespace {

absl::string_view WithoutSuffix(absl::string_view path) {
  for (const absl::string_view compressed : kCompressedSuffixes) {
    absl::string_view rest = path;
    if (absl::ConsumeSuffix(&rest, compressed) &&
        absl::ConsumeSuffix(&rest, ".ko")) {
      return rest;
    }
  }
  return path;
}

}  // namespace

bool IsModuleFile(absl::string_view path) {
  return WithoutSuffix(path).size() != path.size();
}

bool IsPath(absl::string_view argument) {
  return absl::StrContains(argument, '/') || IsModuleFile(argument);
}

std::string ModuleName(absl::string_view argument) {
  const size_t slash = argument.rfind('/');
  if (slash != absl::string_view::npos) argument.remove_prefix(slash + 1);
  return absl::StrReplaceAll(WithoutSuffix(argument), {{"-", "_"}});
}

bool IsValidModuleName(absl::string_view name) {
  return !name.empty() && name.size() < KLPX_PATCH_NAME_LEN &&
         std::all_of(
             name.begin(), name.end(),
             [](char c) { return absl::ascii_isalnum(c) || c == '_'; });
}

}  // namespace klpx
