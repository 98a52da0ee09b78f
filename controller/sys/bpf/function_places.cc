// SPDX-License-Identifier: GPL-2.0
// The addresses of the functions that patches replace.
#include "controller/sys/bpf/function_places.h"

#include <utility>

#include "controller/core/transition/patch_stack.h"

namespace klpx {

const FunctionTable& FunctionPlacesReader::Read(
    Kernel& kernel, const std::vector<PatchState>& patches) {
  FunctionSet wanted;
  if (MayShareFunctions(patches)) wanted = PatchedNames(patches);
  if (wanted == known_) return places_;
  places_.clear();
  if (!wanted.empty()) {
    places_ =
        FindFunctions(kernel.ReadFile("/proc/kallsyms").value_or(""), wanted);
  }
  known_ = std::move(wanted);
  return places_;
}

void RelateByAddress(Kernel& kernel, FunctionPlacesReader& reader,
                     std::vector<PatchState>& patches) {
  const FunctionTable& places = reader.Read(kernel, patches);
  if (!places.empty()) Relate(patches, places);
}

}  // namespace klpx
