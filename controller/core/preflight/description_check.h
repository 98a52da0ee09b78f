// SPDX-License-Identifier: GPL-2.0
// Checks what a patch describes before any kernel is asked, by the rules of
// kmod/description.c. The rules about names are shared code: klpx/names.h.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_DESCRIPTION_CHECK_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_DESCRIPTION_CHECK_H_

#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/finding.h"

namespace klpx {

Findings CheckDescription(const PatchFile& file);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_DESCRIPTION_CHECK_H_
