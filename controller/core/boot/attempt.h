// SPDX-License-Identifier: GPL-2.0
// The mark that is on the disk while an accepted patch is being tried. Found in
// a later boot, it means that the machine did not survive. Also the switch that
// disables all loading at boot.
#ifndef KLPX_CONTROLLER_CORE_BOOT_ATTEMPT_H_
#define KLPX_CONTROLLER_CORE_BOOT_ATTEMPT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/machine.h"

namespace klpx {

struct Attempt {
  std::string patch;
  std::string boot_id;
  std::string kernel;
  absl::Time time;
  int64_t begun_ns = 0;  // CLOCK_MONOTONIC
};

// klp.attempt/v1, with the current time.
std::string AttemptText(const Host& now, absl::string_view patch);
absl::StatusOr<Attempt> ParseAttempt(absl::string_view text);

// Has the machine run long enough with the patch for the mark to be removed?
bool HasSettled(const Attempt& attempt, const Host& now);

// Does the kernel's command line have klpx.restore=0? Parsed like the kernel
// does: words are separated by blanks and may be quoted, the last one wins, and
// words after "--" belong to init.
bool IsRestoreOff(absl::string_view command_line);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BOOT_ATTEMPT_H_
