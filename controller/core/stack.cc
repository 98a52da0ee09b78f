// SPDX-License-Identifier: GPL-2.0
// How the patches of a machine lie on each other.
#include "controller/core/stack.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace klpx {
namespace {

// Object, name, position.
using Place = std::tuple<std::string, std::string, std::string>;

// `older` comes first of the two.
bool Replaces(const PatchState& patch, const PatchState& older) {
  return patch.transition && patch.enabled && patch.replace.value_or(false) &&
         older.registered && older.engine == patch.engine &&
         patch.replace_set == older.replace_set;
}

}  // namespace

std::vector<StackedFunction> StackFunctions(
    const std::vector<PatchState>& patches) {
  std::map<Place, StackedFunction> found;
  for (const PatchState& patch : patches) {
    for (const ObjectState& object : patch.objects) {
      for (const FunctionState& function : object.functions) {
        const Place place(object.name, function.name, function.sympos);
        StackedFunction& stacked = found[place];
        std::tie(stacked.object, stacked.name, stacked.sympos) = place;
        stacked.patched = object.patched;
        stacked.patches.insert(stacked.patches.begin(), patch.name);
      }
    }
  }
  std::vector<StackedFunction> functions;
  for (auto& [place, stacked] : found) functions.push_back(std::move(stacked));
  return functions;
}

std::string OwnerOf(const std::vector<PatchState>& patches,
                    const PatchedFunction& function) {
  // sysfs shows the only symbol of a name as the first.
  const std::string sympos =
      absl::StrCat(std::max<uint64_t>(function.sympos, 1));
  for (const StackedFunction& stacked : StackFunctions(patches)) {
    if (stacked.object == function.object && stacked.name == function.name &&
        stacked.sympos == sympos) {
      return stacked.patches.front();
    }
  }
  return "";
}

void Relate(std::vector<PatchState>& patches) {
  std::map<Place, std::string> owners;
  for (const StackedFunction& function : StackFunctions(patches)) {
    owners[{function.object, function.name, function.sympos}] =
        function.patches.front();
  }
  for (size_t i = 0; i < patches.size(); i++) {
    PatchState& patch = patches[i];
    for (ObjectState& object : patch.objects) {
      for (FunctionState& function : object.functions) {
        function.owner = owners[{object.name, function.name, function.sympos}];
      }
    }
    for (size_t j = 0; j < i; j++) {
      if (!Replaces(patch, patches[j])) continue;
      patches[j].replaced_by = patch.name;
      patch.replaces.push_back(patches[j].name);
    }
  }
}

}  // namespace klpx
