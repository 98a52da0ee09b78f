// SPDX-License-Identifier: GPL-2.0
// Loads modules, klpx.ko first, and checks that its ABI is that of this
// program.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_ENGINE_H_
#define KLPX_CONTROLLER_OPS_KERNEL_ENGINE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// Where klpx.ko is.
struct EngineFile {
  std::string named;        // by the user; "": where it is installed
  std::string program_dir;  // where klp-controller itself is: it may be near
};

// Loads klpx.ko, if that is the engine and it is not loaded. If the user has
// not named the file, looks where klpx.ko is installed, and takes it only if
// none but root can have put it there. Waits for a klpx.ko that is being loaded
// or removed. kNoEngine if it cannot be loaded or has another ABI.
absl::Status EnsureEngine(Kernel& kernel, Engine engine,
                          const EngineFile& where);

// kNoEngine if the loaded klpx.ko has another ABI, or is not loaded.
absl::Status CheckEngineAbi(Kernel& kernel);

// The same for the engine of a patch; the kernel's own has no version.
absl::Status CheckEngine(Kernel& kernel, Engine engine);

// Kernel::LoadModule, and the lines about it that are new in the kernel log.
struct LoadOutcome {
  absl::Status status;
  std::vector<std::string> complaints;
};
LoadOutcome LoadModule(Kernel& kernel, const std::string& path,
                       const std::string& module, absl::string_view bytes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_ENGINE_H_
