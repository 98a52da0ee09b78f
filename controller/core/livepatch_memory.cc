// SPDX-License-Identifier: GPL-2.0
// A memory of transitions for the kernel's own livepatch.
#include "controller/core/livepatch_memory.h"

#include <algorithm>
#include <string>

namespace klpx {
namespace {

// As many as klpx.ko remembers.
constexpr size_t kRemembered = 16;

// Its patch goes, or went, this way; if nobody saw it turn, it did so
// meanwhile.
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

void RememberLivepatches(const std::vector<LivepatchFact>& facts,
                         int64_t now_ns,
                         std::vector<RecentTransition>& memory) {
  const auto moving =
      std::find_if(facts.begin(), facts.end(),
                   [](const LivepatchFact& fact) { return fact.transition; });
  const bool moves = moving != facts.end();
  const bool ran = !memory.empty() && memory.back().ended_ns == 0;
  if (ran) {
    RecentTransition& last = memory.back();
    Face(last, IsEnabled(facts, last.patch));
    if (moves && moving->patch == last.patch) return;
    last.ended_ns = now_ns;
  }
  if (!moves) return;
  RecentTransition begun;
  begun.started_ns = now_ns;
  begun.patch = moving->patch;
  begun.patched = moving->enabled;
  memory.push_back(begun);
  if (memory.size() > kRemembered) memory.erase(memory.begin());
}

}  // namespace klpx
