// SPDX-License-Identifier: GPL-2.0
// Takes over what kpatch(1) has installed to be loaded at boot.
#ifndef KLPX_CONTROLLER_OPS_BOOT_IMPORT_KPATCH_H_
#define KLPX_CONTROLLER_OPS_BOOT_IMPORT_KPATCH_H_

#include <string>

#include "absl/status/statusor.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Says of each module below `directory` ("": /var/lib/kpatch) for the running
// kernel what it is; takes those that can be, if told to. 6 if one cannot.
absl::StatusOr<int> ImportKpatch(Context& context, const std::string& directory,
                                 bool take);

// Is kpatch.service going to load patches at boot as well? "" or a warning.
std::string KpatchConflict(Context& context);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_IMPORT_KPATCH_H_
