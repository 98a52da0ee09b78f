// SPDX-License-Identifier: GPL-2.0
// What a patch describes, judged before any kernel is asked: the rules by which
// klpx.ko refuses a description (kmod/description.c). Those about names are
// shared with it: klpx/names.h.
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_DESCRIPTION_CHECK_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_DESCRIPTION_CHECK_H_

#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/finding.h"

namespace klpx {

Findings CheckDescription(const PatchFile& file);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_DESCRIPTION_CHECK_H_
