// SPDX-License-Identifier: GPL-2.0
// One process at a time makes the machine ready for a patch, puts it in, and
// takes back what it made ready if the patch is refused; or removes the engine.
// Two at once would take away from each other what they stand on: the engine
// and its observer are needed before the patch holds them.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_LOAD_LOCK_H_
#define KLPX_CONTROLLER_OPS_KERNEL_LOAD_LOCK_H_

#include <optional>

#include "absl/status/statusor.h"
#include "controller/ops/kernel/context.h"
#include "controller/sys/io/file_lock.h"

namespace klpx {

// kRefused if another process has it for too long; the error names it. Nothing
// where no lock can be had, as on a read-only /run: then nothing may be taken
// back either.
absl::StatusOr<std::optional<FileLock>> LockLoading(Context& context);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_LOAD_LOCK_H_
