// SPDX-License-Identifier: GPL-2.0
// What else uses the functions of a patch: other patches, kprobes, BPF
// trampolines, users of ftrace. docs/COEXISTENCE.md says what each means.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_FUNCTION_USERS_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_FUNCTION_USERS_H_

#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/finding.h"
#include "controller/core/preflight/preflight.h"

namespace klpx {

Findings CheckFunctionUsers(const PatchFile& file, const KernelFacts& facts);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_FUNCTION_USERS_H_
