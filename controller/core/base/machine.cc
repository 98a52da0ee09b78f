// SPDX-License-Identifier: GPL-2.0
// What the controller knows about a machine and its patches at one moment.
#include "controller/core/base/machine.h"

namespace klpx {

absl::string_view StateWord(const PatchState& patch) {
  if (!patch.registered) return "disabled";
  if (patch.transition) return patch.enabled ? "enabling" : "disabling";
  return patch.enabled ? "enabled" : "disabled";
}

std::string EngineWords(Engine engine, bool adopted) {
  std::string words(RowOf(engine).word);
  return adopted ? words + " (adopted)" : words;
}

size_t FunctionCount(const PatchState& patch) {
  size_t count = 0;
  for (const ObjectState& object : patch.objects) {
    count += object.functions.size();
  }
  return count;
}

bool IsRemovable(const PatchState& patch) {
  return !patch.registered && !patch.permanent && patch.refcount == 0;
}

}  // namespace klpx
