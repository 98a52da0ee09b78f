// SPDX-License-Identifier: GPL-2.0
// How the patches of a machine are stacked.
#include "controller/core/transition/patch_stack.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"

namespace klpx {
namespace {

// `older` is below `patch` in the stack.
bool Replaces(const PatchState& patch, const PatchState& older) {
  return patch.transition && patch.enabled && patch.replace.value_or(false) &&
         older.registered && older.engine == patch.engine &&
         patch.replace_set == older.replace_set;
}

// sysfs shows the only symbol of a name as number 1.
FunctionIdentity IdentityOf(const FunctionTable& places,
                            const ObjectState& object,
                            const FunctionState& function) {
  uint64_t sympos = 1;
  if (!absl::SimpleAtoi(function.sympos, &sympos)) sympos = 1;
  return Identify(places, {object.name, function.name}, sympos);
}

void AddVersion(const FunctionState& function, const std::string& patch,
                StackedFunction& stacked) {
  std::vector<std::string>& others = stacked.other_names;
  if (!stacked.name.empty() && stacked.name != function.name &&
      std::find(others.begin(), others.end(), stacked.name) == others.end()) {
    others.push_back(stacked.name);
  }
  std::erase(others, function.name);
  stacked.name = function.name;
  stacked.sympos = function.sympos;
  stacked.patches.insert(stacked.patches.begin(), patch);
}

}  // namespace

std::vector<StackedFunction> StackFunctions(
    const std::vector<PatchState>& patches, const FunctionTable& places) {
  std::map<FunctionIdentity, StackedFunction> found;
  for (const PatchState& patch : patches) {
    for (const ObjectState& object : patch.objects) {
      for (const FunctionState& function : object.functions) {
        StackedFunction& stacked = found[IdentityOf(places, object, function)];
        stacked.object = object.name;
        stacked.patched = object.patched;
        AddVersion(function, patch.name, stacked);
      }
    }
  }
  std::vector<StackedFunction> functions;
  for (auto& [identity, stacked] : found) {
    functions.push_back(std::move(stacked));
  }
  std::sort(functions.begin(), functions.end(),
            [](const StackedFunction& a, const StackedFunction& b) {
              return std::tie(a.object, a.name, a.sympos) <
                     std::tie(b.object, b.name, b.sympos);
            });
  return functions;
}

FunctionOwners OwnersOf(const std::vector<PatchState>& patches,
                        const FunctionTable& places) {
  FunctionOwners owners;
  for (const PatchState& patch : patches) {
    for (const ObjectState& object : patch.objects) {
      for (const FunctionState& function : object.functions) {
        owners[IdentityOf(places, object, function)] = patch.name;
      }
    }
  }
  return owners;
}

FunctionSet PatchedNames(const std::vector<PatchState>& patches) {
  FunctionSet names;
  for (const PatchState& patch : patches) {
    for (const ObjectState& object : patch.objects) {
      for (const FunctionState& function : object.functions) {
        names.insert({object.name, function.name});
      }
    }
  }
  return names;
}

bool MayShareFunctions(const std::vector<PatchState>& patches) {
  std::map<std::string, std::set<std::string>> by_object;
  for (const PatchState& patch : patches) {
    for (const ObjectState& object : patch.objects) {
      if (object.functions.empty()) continue;
      by_object[object.name].insert(patch.name);
    }
  }
  return std::any_of(by_object.begin(), by_object.end(),
                     [](const auto& entry) { return entry.second.size() > 1; });
}

void Relate(std::vector<PatchState>& patches, const FunctionTable& places) {
  const FunctionOwners owners = OwnersOf(patches, places);
  for (size_t i = 0; i < patches.size(); i++) {
    PatchState& patch = patches[i];
    patch.replaces.clear();
    for (ObjectState& object : patch.objects) {
      for (FunctionState& function : object.functions) {
        function.owner = owners.at(IdentityOf(places, object, function));
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
