// SPDX-License-Identifier: GPL-2.0
// /proc/modules: "name size users holders state address (taints)", the newest
// module first.
#include "controller/core/kernel/module_list.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace klpx {

std::vector<LoadedModule> ParseModules(absl::string_view text) {
  constexpr size_t kFields = 6;  // without taints
  constexpr size_t kHolders = 3;
  constexpr absl::string_view kPermanent = "[permanent]";
  std::vector<LoadedModule> modules;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() < kFields) continue;
    LoadedModule module;
    module.name = std::string(words[0]);
    module.is_livepatch =
        words.size() > kFields && absl::StrContains(words[kFields], 'K');
    module.is_permanent = absl::StrContains(words[kHolders], kPermanent);
    modules.push_back(std::move(module));
  }
  std::reverse(modules.begin(), modules.end());
  return modules;
}

}  // namespace klpx
