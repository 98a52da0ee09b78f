// SPDX-License-Identifier: GPL-2.0
// Loads modules, klpx.ko first, and checks that its ABI is that of this
// program.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_ENGINE_H_
#define KLPX_CONTROLLER_OPS_KERNEL_ENGINE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Loads klpx.ko, if that is the engine and it is not loaded, from module_path.
// If that is empty, looks where klpx.ko is installed, and takes it only if none
// but root can have put it there. Waits for a klpx.ko that is being loaded or
// removed. kNoEngine if it cannot be loaded or has another ABI.
absl::Status EnsureEngine(Context& context, Engine engine,
                          const std::string& module_path);

// kNoEngine if the loaded klpx.ko has another ABI, or is not loaded.
absl::Status CheckEngineAbi(Context& context);

// The same for the engine of a patch; the kernel's own has no version.
absl::Status CheckEngine(Context& context, Engine engine);

// Kernel::LoadModule, and the lines about it that are new in the kernel log.
struct LoadOutcome {
  absl::Status status;
  std::vector<std::string> complaints;
};
LoadOutcome LoadModule(Context& context, const std::string& path,
                       const std::string& module, absl::string_view bytes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_ENGINE_H_
