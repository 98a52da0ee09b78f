// SPDX-License-Identifier: GPL-2.0
// Times as users write them.
#include "controller/core/base/timestamp.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace klpx {
namespace {

constexpr absl::string_view kForms[] = {"%Y-%m-%d", "%Y-%m-%d %H:%M",
                                        "%Y-%m-%d %H:%M:%S"};

std::optional<absl::Duration> ParseAgo(absl::string_view text) {
  absl::Duration ago;
  absl::string_view days = text;
  uint32_t count = 0;
  if (absl::ConsumeSuffix(&days, "d") && absl::SimpleAtoi(days, &count)) {
    return absl::Hours(24) * count;
  }
  if (!absl::ParseDuration(std::string(text), &ago)) return std::nullopt;
  if (ago < absl::ZeroDuration()) return std::nullopt;
  return ago;
}

}  // namespace

std::optional<absl::Time> ParseTimestamp(absl::string_view text,
                                         absl::Time now) {
  // "inf" and "infinite-past" are moments to the parsers below, not to people.
  if (absl::StrContains(text, "inf")) return std::nullopt;
  if (const auto ago = ParseAgo(text)) return now - *ago;
  absl::Time time;
  std::string error;
  absl::string_view moment = text;
  absl::ConsumeSuffix(&moment, " UTC");
  for (const absl::string_view form : kForms) {
    if (absl::ParseTime(form, moment, absl::UTCTimeZone(), &time, &error)) {
      return time;
    }
  }
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return time;
  return std::nullopt;
}

std::string TimestampText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", time, absl::UTCTimeZone());
}

std::string TimestampCell(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone());
}

std::string TimestampRfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

}  // namespace klpx
