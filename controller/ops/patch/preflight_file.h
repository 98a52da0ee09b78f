// SPDX-License-Identifier: GPL-2.0
// All checks of a patch file against the running kernel: gathers the facts and
// has core/ judge them. Touches nothing.
#ifndef KLPX_CONTROLLER_OPS_PATCH_PREFLIGHT_FILE_H_
#define KLPX_CONTROLLER_OPS_PATCH_PREFLIGHT_FILE_H_

#include <string>

#include "absl/time/time.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/report/report.h"
#include "controller/ops/kernel/machine.h"

namespace klpx {

struct PreflightFileOptions {
  // Make all checks, even after a fatal finding.
  bool all = false;
  // How often the stacks of all tasks are looked at, and how far apart.
  int looks = 1;
  absl::Duration interval;
};

// Fills in all but host and path. Does not look for blocking tasks if the patch
// is refused.
PreflightReport PreflightFile(const Machine& machine, const PatchFile& file,
                              const PreflightFileOptions& options);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_PATCH_PREFLIGHT_FILE_H_
