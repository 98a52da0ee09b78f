// SPDX-License-Identifier: GPL-2.0
// One process acts on a transition at a time.
#include "controller/commands/ownership.h"

#include <utility>

namespace klpx {

bool Own(Context& context) {
  if (context.owner_file.empty() || context.owned) return true;
  absl::StatusOr<std::optional<FileLock>> lock =
      FileLock::Try(context.owner_file, context.recorder.verb);
  if (!lock.ok()) return true;
  if (*lock) context.owned.emplace(**std::move(lock));
  return context.owned.has_value();
}

void Disown(Context& context) { context.owned.reset(); }

std::string OwnerWords(const Context& context) {
  return LockHolder(context.owner_file);
}

}  // namespace klpx
