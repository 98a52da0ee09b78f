// SPDX-License-Identifier: GPL-2.0
// What is loaded at boot, how that went, and what else could be loaded: as text
// and as JSON.
#ifndef KLPX_CONTROLLER_CORE_REPORT_REPORT_BOOT_H_
#define KLPX_CONTROLLER_CORE_REPORT_REPORT_BOOT_H_

#include <string>
#include <vector>

#include "controller/core/base/machine.h"
#include "controller/core/boot/accepted.h"

namespace klpx {

std::string AcceptedListText(const AcceptedList& list);

// klp.restore/v1: one row for each accepted patch, or for each file that an
// import examined.
struct BootRow {
  std::string patch;
  std::string result;  // "enabled", "unchanged", "skipped", "failed", ...
  std::string message;
};
struct BootReport {
  std::string verb;
  std::string message;  // about all rows together
  std::vector<BootRow> rows;
};
std::string BootText(const BootReport& report);
std::string BootJson(const Host& host, const BootReport& report);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_REPORT_REPORT_BOOT_H_
