// SPDX-License-Identifier: GPL-2.0
// Moments as people read and write them: in UTC, both ways. Now is a parameter.
#ifndef KLPX_CONTROLLER_CORE_BASE_MOMENT_H_
#define KLPX_CONTROLLER_CORE_BASE_MOMENT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace klpx {

// "2h" or "7d" (ago), "2026-11-20", "2026-11-20 16:05", "2026-11-20 16:05:03"
// in UTC, as they are shown, with or without "UTC" behind; or with a zone of
// its own, "2026-11-20T16:05:03+01:00". Nothing if it is none of these.
std::optional<absl::Time> ParseMoment(absl::string_view text, absl::Time now);

// "2026-11-20 16:05:03 UTC".
std::string MomentText(absl::Time time);

// "2026-11-20 16:05:03", below a header that says UTC.
std::string MomentCell(absl::Time time);

// RFC 3339 in UTC, with fractions of a second.
std::string MomentRfc3339(absl::Time time);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_MOMENT_H_
