// SPDX-License-Identifier: GPL-2.0
// A memory of transitions for the kernel's own livepatch.
#include "controller/core/history/livepatch_memory.h"

#include <algorithm>
#include <string>

namespace klpx {
namespace {

// The same number as in klpx.ko.
constexpr size_t kRemembered = 16;

// Notes the direction of a transition; if it differs from the last known one,
// the transition was reversed meanwhile.
void Face(RecentTransition& transition, bool patched) {
  if (transition.patched == patched) return;
  transition.patched = patched;
  transition.reversals++;
}

bool IsEnabled(const std::vector<LivepatchFact>& facts,
               const std::string& patch) {
  return std::any_of(facts.begin(), facts.end(),
                     [&](const LivepatchFact& fact) {
                       return fact.patch == patch && fact.enabled;
                     });
}

}  // namespace

void RememberLivepatches(const EngineFacts& facts,
                         std::vector<RecentTransition>& memory) {
  const std::vector<LivepatchFact>& patches = facts.livepatches;
  const auto moving =
      std::find_if(patches.begin(), patches.end(),
                   [](const LivepatchFact& fact) { return fact.transition; });
  const bool moves = moving != patches.end();
  const bool ran = !memory.empty() && memory.back().ended_ns == 0;
  if (ran) {
    RecentTransition& last = memory.back();
    const bool same = moves && moving->patch == last.patch;
    const bool patched = IsEnabled(patches, last.patch);
    if (same && (patched == last.patched || !facts.is_under_way(*moving))) {
      return;
    }
    Face(last, patched);
    if (same) return;
    last.ended_ns = facts.now_ns;
  }
  if (!moves || !facts.is_under_way(*moving)) return;
  RecentTransition begun;
  begun.started_ns = facts.now_ns;
  begun.patch = moving->patch;
  begun.patched = moving->enabled;
  memory.push_back(begun);
  if (memory.size() > kRemembered) memory.erase(memory.begin());
}

}  // namespace klpx
