// SPDX-License-Identifier: GPL-2.0
// Tells the name of a patch that is no longer loaded from a mistyped name.
#ifndef KLPX_CONTROLLER_OPS_BOOT_KNOWN_H_
#define KLPX_CONTROLLER_OPS_BOOT_KNOWN_H_

#include <string>

#include "absl/status/status.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/history/recorder.h"

namespace klpx {

// OK for what is loaded, and for what this machine knows: an existing file, or
// a patch that is accepted or in the history. Unloading such a patch once more
// is no error. Otherwise kNoSuchPatch: a mistyped name in a script must not
// look like a success.
absl::Status CheckKnown(const BootFiles& boot, const Recorder& recorder,
                        const std::string& argument);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_KNOWN_H_
