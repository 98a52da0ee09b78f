// SPDX-License-Identifier: GPL-2.0
// Which engine runs a patch file.
#include "controller/core/patch/engine_choice.h"

#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"

namespace klpx {

bool IsMadeForKernel(const PatchFile& file) {
  return file.adopted || file.engine == Engine::kKernel;
}

absl::StatusOr<PatchFile> ChooseEngine(PatchFile file, absl::string_view wanted,
                                       bool adopts) {
  const bool wants_klpx = wanted == RowOf(Engine::kKlpx).word;
  const bool wants_kernel = wanted == RowOf(Engine::kKernel).word;
  if (!wanted.empty() && !wants_klpx && !wants_kernel) {
    return Error(ErrorKind::kUsage, "--engine: '", Printable(wanted),
                 "' is not an engine; write klpx or kernel");
  }
  if (wants_kernel && file.engine == Engine::kKlpx) {
    return Error(ErrorKind::kRefused,
                 "made for klpx (it imports " KLPX_ENABLE_SYMBOL
                 "), so the kernel's own livepatch cannot run it; enable it "
                 "without --engine kernel");
  }
  if (file.engine != Engine::kKernel) return file;
  if (!wants_klpx && (wants_kernel || !adopts)) return file;
  file.engine = Engine::kKlpx;
  file.adopted = true;
  return file;
}

}  // namespace klpx
