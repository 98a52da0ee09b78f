// SPDX-License-Identifier: GPL-2.0
// Lets one process at a time prepare the machine for a patch, load it, and undo
// the preparation if the patch is refused; or remove the engine. Two processes
// at once would remove the engine and the observer under each other, since
// these are needed before the patch module pins them.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_LOAD_LOCK_H_
#define KLPX_CONTROLLER_OPS_KERNEL_LOAD_LOCK_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "controller/ops/console/console.h"
#include "controller/sys/io/file_lock.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// kRefused if another process holds the lock for too long; the error names that
// process. Nothing where no lock can be taken, as on a read-only /run: then the
// caller must not undo its preparation either.
absl::StatusOr<std::optional<FileLock>> LockLoading(Kernel& kernel,
                                                    Console& console,
                                                    const std::string& run_dir,
                                                    const std::string& verb);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_LOAD_LOCK_H_
