// SPDX-License-Identifier: GPL-2.0
// The types of the running kernel and of a patch file, from their BTF. What
// cannot be read is not known; no check fails for want of it.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_READ_TYPES_H_
#define KLPX_CONTROLLER_OPS_KERNEL_READ_TYPES_H_

#include "absl/status/statusor.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/prototype.h"
#include "controller/ops/kernel/context.h"
#include "controller/sys/bpf/btf.h"

namespace klpx {

absl::StatusOr<Btf> ReadKernelBtf(Context& context);

// Of the functions that the patch replaces, and of those it has for them.
Prototypes ReadPrototypes(Context& context, const PatchFile& file);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_READ_TYPES_H_
