// SPDX-License-Identifier: GPL-2.0
// Brings a checked patch into the kernel: what has to be done before its module
// is loaded, in its order, and the load.
#ifndef KLPX_CONTROLLER_OPS_ENABLE_LOAD_PATCH_H_
#define KLPX_CONTROLLER_OPS_ENABLE_LOAD_PATCH_H_

#include <string>

#include "absl/status/status.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/finding.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/console/warnings.h"
#include "controller/ops/kernel/engine.h"
#include "controller/ops/kernel/machine.h"
#include "controller/ops/transition/supervisor.h"

namespace klpx {

// A patch that has passed all checks, and how to load it.
struct CheckedPatch {
  std::string path;
  const std::string& bytes;
  const PatchFile& file;
  const Findings& findings;
  EngineFile engine_file = {};
  bool waits = true;           // this process will see the transition through
  bool mark_required = false;  // as in BeginAttemptIfAccepted()
  bool locked = false;         // LockLoading() has given a lock
  std::string engine = {};     // the value of --engine
};

// What loads it.
struct Loader {
  const Machine& machine;
  const Supervisor& supervisor;
  const BootFiles& boot;
  Warnings& warnings;
};

// Prepares the machine and loads the patch. If the patch is refused, the
// preparation is undone. Call it while LockLoading() is held.
absl::Status LoadPatch(const Loader& loader, const CheckedPatch& patch);

// For a patch that is being disabled: enables it again.
absl::Status ReverseDisable(Kernel& kernel, Recorder& recorder,
                            const std::string& patch);

// What stands before the reason when an enable is refused.
std::string EnableRefused(const std::string& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_ENABLE_LOAD_PATCH_H_
