// SPDX-License-Identifier: GPL-2.0
// Gets modules into the kernel, klpx.ko first, and makes sure that it speaks
// our language.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_ENGINE_H_
#define KLPX_CONTROLLER_OPS_KERNEL_ENGINE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Loads klpx.ko if that is the engine and it is not loaded, from module_path
// or, if that is empty, from where it is installed, and only root can have put
// it. One that is being loaded or removed is waited for. kNoEngine if it cannot
// be, or has another ABI.
absl::Status EnsureEngine(Context& context, Engine engine,
                          const std::string& module_path);

// kNoEngine if the loaded klpx.ko has another ABI, or is not loaded.
absl::Status CheckEngineAbi(Context& context);

// The same of the engine that a patch is for; the kernel's own has no version.
absl::Status CheckEngine(Context& context, Engine engine);

// Kernel::LoadModule, and what the kernel log says about it since.
struct LoadOutcome {
  absl::Status status;
  std::vector<std::string> complaints;
};
LoadOutcome LoadModule(Context& context, const std::string& path,
                       const std::string& module, absl::string_view bytes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_ENGINE_H_
