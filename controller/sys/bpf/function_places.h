// SPDX-License-Identifier: GPL-2.0
// The addresses of the functions that patches replace, by which the engines
// tell that two patches name one function differently. Reading them is
// expensive (all of kallsyms), so they are read only if two patches could share
// a function.
#ifndef KLPX_CONTROLLER_SYS_BPF_FUNCTION_PLACES_H_
#define KLPX_CONTROLLER_SYS_BPF_FUNCTION_PLACES_H_

#include <vector>

#include "controller/core/base/machine.h"
#include "controller/core/kernel/function_table.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

class FunctionPlacesReader {
 public:
  // The addresses for these patches; empty if they are not needed or not known.
  // Reads them again only when the patches replace other functions.
  const FunctionTable& Read(Kernel& kernel,
                            const std::vector<PatchState>& patches);

 private:
  FunctionSet known_;
  FunctionTable places_;
};

// Relate() by address, for the result of ReadPatches().
void RelateByAddress(Kernel& kernel, FunctionPlacesReader& reader,
                     std::vector<PatchState>& patches);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_FUNCTION_PLACES_H_
