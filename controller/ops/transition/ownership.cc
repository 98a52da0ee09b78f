// SPDX-License-Identifier: GPL-2.0
// One process acts on a transition at a time.
#include "controller/ops/transition/ownership.h"

#include <optional>
#include <utility>

namespace klpx {

bool Owns(const Context& context) { return context.owned->has_value(); }

bool Own(Context& context) {
  if (context.owner_file.empty() || Owns(context)) return true;
  absl::StatusOr<std::optional<FileLock>> lock =
      FileLock::Try(context.owner_file, context.recorder.verb);
  if (!lock.ok()) return true;
  if (*lock) context.owned->emplace(**std::move(lock));
  return Owns(context);
}

void NotePlan(Context& context, absl::string_view plan) {
  if (Owns(context)) (*context.owned)->Describe(context.recorder.verb, plan);
}

bool OwnerOnlyWaits(const Context& context) {
  return LockPlan(context.owner_file).empty();
}

void Disown(Context& context) { context.owned->reset(); }

std::string OwnerWords(const Context& context) {
  return LockHolder(context.owner_file);
}

}  // namespace klpx
