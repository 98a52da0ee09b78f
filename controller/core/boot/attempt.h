// SPDX-License-Identifier: GPL-2.0
// The mark that is on the disk while a patch that is loaded at boot is being
// tried: found in another boot, it says that the machine did not survive. And
// the switch that keeps all of them out.
#ifndef KLPX_CONTROLLER_CORE_BOOT_ATTEMPT_H_
#define KLPX_CONTROLLER_CORE_BOOT_ATTEMPT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "controller/core/base/model.h"

namespace klpx {

struct Attempt {
  std::string patch;
  std::string boot_id;
  std::string kernel;
  absl::Time time;
  int64_t begun_ns = 0;  // CLOCK_MONOTONIC
};

// klp.attempt/v1, of a moment.
std::string AttemptText(const Host& now, absl::string_view patch);
absl::StatusOr<Attempt> ParseAttempt(absl::string_view text);

// Has it lived long enough with the patch for the mark to go?
bool HasSettled(const Attempt& attempt, const Host& now);

// Does the kernel's command line say klpx.restore=0? As the kernel reads it:
// words between blanks, quotes around blanks; the last one counts, and what
// stands after "--" is init's.
bool IsRestoreOff(absl::string_view command_line);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BOOT_ATTEMPT_H_
