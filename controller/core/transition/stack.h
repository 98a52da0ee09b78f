// SPDX-License-Identifier: GPL-2.0
// How the patches of a machine lie on each other: which version of a function
// is the newest, and which patches one in transition takes the place of.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_STACK_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_STACK_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "controller/core/base/model.h"
#include "controller/core/patch/function_identity.h"

namespace klpx {

// A function of the kernel and all that have a version of it.
struct StackedFunction {
  std::string object;
  // As the newest patch calls it.
  std::string name;
  std::string sympos;
  // What patches below call it, if that differs (an alias).
  std::vector<std::string> other_names;
  // False: the module it is in is not loaded.
  std::optional<bool> patched;
  std::vector<std::string> patches;  // newest first, never empty
};

// In each of the following, `places` says which names are one function; without
// it every name is one of its own.

// Sorted by object, name and position. The patches are in stack order. While a
// patch is in transition, tasks that it has not moved yet call the version
// below; a function that it gives back to the kernel counts as its own.
std::vector<StackedFunction> StackFunctions(
    const std::vector<PatchState>& patches, const FunctionTable& places = {});

// Of each function: the patch that has its newest version.
using FunctionOwners = absl::flat_hash_map<FunctionIdentity, std::string>;
FunctionOwners OwnersOf(const std::vector<PatchState>& patches,
                        const FunctionTable& places = {});

// The functions that patches replace.
FunctionSet PatchedNames(const std::vector<PatchState>& patches);

// Can a function be replaced by two of them under two names? If not, places are
// not needed.
bool MayShareFunctions(const std::vector<PatchState>& patches);

// Fills in what only all patches together tell: owner, replaced_by, replaces.
void Relate(std::vector<PatchState>& patches, const FunctionTable& places = {});

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_STACK_H_
