// SPDX-License-Identifier: GPL-2.0
// How the patches of a machine lie on each other: which version of a function
// is the newest, and which patches one in transition takes the place of.
#ifndef KLPX_CONTROLLER_CORE_STACK_H_
#define KLPX_CONTROLLER_CORE_STACK_H_

#include <optional>
#include <string>
#include <vector>

#include "controller/core/model.h"
#include "controller/core/patch_description.h"

namespace klpx {

// A function of the kernel and all who have a version of it.
struct StackedFunction {
  std::string object;
  std::string name;
  std::string sympos;
  // False: the module it is in is not loaded.
  std::optional<bool> patched;
  std::vector<std::string> patches;  // newest first, never empty
};

// Sorted by object, name and position. The patches are in stack order. While a
// patch is in transition, tasks that it has not moved yet call the version
// below; a function that it gives back to the kernel counts as its own.
std::vector<StackedFunction> StackFunctions(
    const std::vector<PatchState>& patches);

// The patch that has the newest version of a function; "" if none has one.
std::string OwnerOf(const std::vector<PatchState>& patches,
                    const PatchedFunction& function);

// Fills in what only all patches together tell: owner, replaced_by, replaces.
void Relate(std::vector<PatchState>& patches);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_STACK_H_
