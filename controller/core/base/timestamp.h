// SPDX-License-Identifier: GPL-2.0
// Times as users read and write them, in UTC. The current time is a parameter.
#ifndef KLPX_CONTROLLER_CORE_BASE_TIMESTAMP_H_
#define KLPX_CONTROLLER_CORE_BASE_TIMESTAMP_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace klpx {

// "2h" or "7d" (ago), "2026-11-20", "2026-11-20 16:05", "2026-11-20 16:05:03"
// in UTC, as they are shown, with or without a trailing "UTC"; or with a time
// zone as in "2026-11-20T16:05:03+01:00". Nothing if it is none of these.
std::optional<absl::Time> ParseTimestamp(absl::string_view text,
                                         absl::Time now);

// "2026-11-20 16:05:03 UTC".
std::string TimestampText(absl::Time time);

// "2026-11-20 16:05:03", for a column whose heading says UTC.
std::string TimestampCell(absl::Time time);

// RFC 3339 in UTC, with fractions of a second.
std::string TimestampRfc3339(absl::Time time);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_TIMESTAMP_H_
