// SPDX-License-Identifier: GPL-2.0
// Where the functions are that patches replace: what the engines go by when two
// patches name one function differently. Reading it is dear (all of kallsyms),
// so it is read only where two patches could share a function.
#ifndef KLPX_CONTROLLER_SYS_BPF_FUNCTION_PLACES_H_
#define KLPX_CONTROLLER_SYS_BPF_FUNCTION_PLACES_H_

#include <vector>

#include "controller/core/base/model.h"
#include "controller/core/kernel/function_table.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

class FunctionPlacesReader {
 public:
  // Of what these patches replace; empty if that is not needed, or not known.
  // Read again when they replace something else.
  const FunctionTable& Read(Kernel& kernel,
                            const std::vector<PatchState>& patches);

 private:
  FunctionSet known_;
  FunctionTable places_;
};

// Relate() by address, for patches of ReadPatches().
void RelateByAddress(Kernel& kernel, FunctionPlacesReader& reader,
                     std::vector<PatchState>& patches);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_FUNCTION_PLACES_H_
