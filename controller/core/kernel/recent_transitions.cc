// SPDX-License-Identifier: GPL-2.0
// The engine's memory of its last transitions.
#include "controller/core/kernel/recent_transitions.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace klpx {

bool StartedForPatched(const RecentTransition& transition) {
  return transition.patched == (transition.reversals % 2 == 0);
}

std::vector<RecentTransition> ParseRecent(absl::string_view text) {
  std::vector<RecentTransition> transitions;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    if (words.size() < 8) continue;
    RecentTransition found;
    found.patch = std::string(words[2]);
    found.patched = words[3] == "patched";
    if (!found.patched && words[3] != "unpatched") continue;
    if (absl::SimpleAtoi(words[0], &found.started_ns) &&
        absl::SimpleAtoi(words[1], &found.ended_ns) &&
        absl::SimpleAtoi(words[4], &found.reversals) &&
        absl::SimpleAtoi(words[5], &found.tasks) &&
        absl::SimpleAtoi(words[6], &found.signals) &&
        absl::SimpleAtoi(words[7], &found.forced)) {
      transitions.push_back(std::move(found));
    }
  }
  return transitions;
}

}  // namespace klpx
