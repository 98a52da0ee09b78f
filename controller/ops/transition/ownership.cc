// SPDX-License-Identifier: GPL-2.0
// One process acts on a transition at a time.
#include "controller/ops/transition/ownership.h"

#include <optional>
#include <utility>

namespace klpx {

bool Owns(const Ownership& ownership) { return ownership.lock->has_value(); }

bool Own(Ownership& ownership) {
  if (ownership.file.empty() || Owns(ownership)) return true;
  absl::StatusOr<std::optional<FileLock>> lock =
      FileLock::Try(ownership.file, ownership.verb);
  if (!lock.ok()) return true;
  if (*lock) ownership.lock->emplace(**std::move(lock));
  return Owns(ownership);
}

void NotePlan(Ownership& ownership, absl::string_view plan) {
  if (Owns(ownership)) (*ownership.lock)->Describe(ownership.verb, plan);
}

bool OwnerOnlyWaits(const Ownership& ownership) {
  return LockPlan(ownership.file).empty();
}

void Disown(Ownership& ownership) { ownership.lock->reset(); }

std::string OwnerWords(const Ownership& ownership) {
  return LockHolder(ownership.file);
}

}  // namespace klpx
