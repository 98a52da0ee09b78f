// SPDX-License-Identifier: GPL-2.0
// The types of the running kernel and of a patch file, from their BTF. A type
// that cannot be read is unknown; no check fails because of that.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_READ_TYPES_H_
#define KLPX_CONTROLLER_OPS_KERNEL_READ_TYPES_H_

#include "absl/status/statusor.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/prototype.h"
#include "controller/sys/bpf/btf.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

absl::StatusOr<Btf> ReadKernelBtf(Kernel& kernel);

// The prototypes of the functions that the patch replaces, and of their
// replacements.
Prototypes ReadPrototypes(Kernel& kernel, const PatchFile& file);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_READ_TYPES_H_
