// SPDX-License-Identifier: GPL-2.0
// Notes for status about the machine, one line each.
#ifndef KLPX_CONTROLLER_OPS_HEALTH_STATUS_NOTES_H_
#define KLPX_CONTROLLER_OPS_HEALTH_STATUS_NOTES_H_

#include <string>
#include <vector>

#include "controller/ops/boot/boot_files.h"
#include "controller/ops/console/console.h"
#include "controller/ops/history/recorder.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// A policy file with mistakes, patches that are kept out at boot, health checks
// that are open or have failed.
std::vector<std::string> StatusNotes(Kernel& kernel, Console& console,
                                     Recorder& recorder, const BootFiles& boot);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HEALTH_STATUS_NOTES_H_
