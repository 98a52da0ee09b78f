// SPDX-License-Identifier: GPL-2.0
// Accepts the patches that kpatch(1) has installed to be loaded at boot.
#ifndef KLPX_CONTROLLER_OPS_BOOT_IMPORT_KPATCH_H_
#define KLPX_CONTROLLER_OPS_BOOT_IMPORT_KPATCH_H_

#include <string>

#include "absl/status/statusor.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/console/console.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// Lists the modules that `directory` ("": /var/lib/kpatch) has for the running
// kernel, with what each is. With `take`, accepts those that it can. Returns 6
// if a module is refused.
absl::StatusOr<int> ImportKpatch(const BootFiles& boot, Console& console,
                                 const std::string& directory, bool take);

// A warning if kpatch.service loads patches at boot, too; else "".
std::string KpatchConflict(Kernel& kernel);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_IMPORT_KPATCH_H_
