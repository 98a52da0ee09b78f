// SPDX-License-Identifier: GPL-2.0
// Moments as people write them. Now and the time zone are parameters.
#ifndef KLPX_CONTROLLER_CORE_MOMENT_H_
#define KLPX_CONTROLLER_CORE_MOMENT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace klpx {

// "2h" or "7d" (ago), "2026-11-20", "2026-11-20 16:05", "2026-11-20 16:05:03"
// (in the zone), "2026-11-20T16:05:03Z". Nothing if it is none of these.
std::optional<absl::Time> ParseMoment(absl::string_view text, absl::Time now,
                                      const absl::TimeZone& zone);

// "2026-11-20 16:05:03 UTC".
std::string MomentText(absl::Time time);

// RFC 3339 in UTC, with fractions of a second.
std::string MomentRfc3339(absl::Time time);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_MOMENT_H_
