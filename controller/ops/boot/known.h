// SPDX-License-Identifier: GPL-2.0
// What this machine knows of a patch that is not in use: tells its name from a
// mistyped one, and finds its file.
#ifndef KLPX_CONTROLLER_OPS_BOOT_KNOWN_H_
#define KLPX_CONTROLLER_OPS_BOOT_KNOWN_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/history/recorder.h"

namespace klpx {

// OK for what is loaded, and for what this machine knows: an existing file, or
// a patch that is accepted or in the history. Unloading such a patch once more
// is no error. Otherwise kNoSuchPatch: a mistyped name in a script must not
// look like a success.
absl::Status CheckKnown(const BootFiles& boot, const Recorder& recorder,
                        const std::string& argument);

// The file from which a disabled patch can be enabled again: the one that it
// was loaded from in this boot, provided that its module is still loaded, and
// of the same build. Otherwise kNoSuchPatch, with what to do.
absl::StatusOr<std::string> FileToEnableAgain(const BootFiles& boot,
                                              const std::string& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_KNOWN_H_
