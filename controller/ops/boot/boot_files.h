// SPDX-License-Identifier: GPL-2.0
// Where the files are that are kept of patches: the accepted patches and the
// marks of attempts persist, what a patch was loaded from is kept until the
// next boot.
#ifndef KLPX_CONTROLLER_OPS_BOOT_BOOT_FILES_H_
#define KLPX_CONTROLLER_OPS_BOOT_BOOT_FILES_H_

#include <string>

#include "controller/ops/console/console.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

struct BootFiles {
  Kernel& kernel;
  Console& console;  // for the warning that a file cannot be written or removed
  std::string state_dir = {};  // persists; "": keep none
  std::string run_dir = {};    // until the next boot; "": keep none
  std::string verb = {};       // named in the lock of the accepted patches
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_BOOT_FILES_H_
