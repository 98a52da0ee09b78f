// SPDX-License-Identifier: GPL-2.0
// How the patches of a machine are stacked: which version of a function is the
// newest, and which patches are being replaced by a patch in transition.
#ifndef KLPX_CONTROLLER_CORE_TRANSITION_PATCH_STACK_H_
#define KLPX_CONTROLLER_CORE_TRANSITION_PATCH_STACK_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "controller/core/base/machine.h"
#include "controller/core/patch/function_identity.h"

namespace klpx {

// A function of the kernel, and all patches that have a version of it.
struct StackedFunction {
  std::string object;
  // The name that the newest patch uses.
  std::string name;
  std::string sympos;
  // Other names that patches below use (aliases).
  std::vector<std::string> other_names;
  // False: its module is not loaded.
  std::optional<bool> patched;
  std::vector<std::string> patches;  // newest first, never empty
};

// In each of the following, `places` says which names are one function; without
// it every name is a function of its own.

// Sorted by object, name and position. `patches` are in stack order. While a
// patch is in transition, tasks that have not switched yet call the version
// below; a function that the patch returns to the kernel counts as the patch's.
std::vector<StackedFunction> StackFunctions(
    const std::vector<PatchState>& patches, const FunctionTable& places = {});

// By function: the patch that has its newest version.
using FunctionOwners = absl::flat_hash_map<FunctionIdentity, std::string>;
FunctionOwners OwnersOf(const std::vector<PatchState>& patches,
                        const FunctionTable& places = {});

// The functions that patches replace.
FunctionSet PatchedNames(const std::vector<PatchState>& patches);

// Can two patches replace one function under two names? If not, places are not
// needed.
bool MayShareFunctions(const std::vector<PatchState>& patches);

// Fills in the fields that depend on all patches: owner, replaced_by, replaces.
void Relate(std::vector<PatchState>& patches, const FunctionTable& places = {});

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_TRANSITION_PATCH_STACK_H_
