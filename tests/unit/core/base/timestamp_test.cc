// SPDX-License-Identifier: GPL-2.0
// Moments as people write them.
#include "controller/core/base/timestamp.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"

namespace klpx {
namespace {

TEST(TimestampTest, UnderstandsAgoDatesAndTimes) {
  const absl::Time now = absl::FromUnixSeconds(1000000);
  EXPECT_EQ(ParseTimestamp("2h", now), now - absl::Hours(2));
  EXPECT_EQ(ParseTimestamp("7d", now), now - absl::Hours(168));
  EXPECT_EQ(ParseTimestamp("1970-01-02", now), absl::FromUnixSeconds(86400));
  EXPECT_EQ(ParseTimestamp("1970-01-02 01:02", now),
            absl::FromUnixSeconds(86400 + 3720));
  EXPECT_EQ(ParseTimestamp("1970-01-02T00:00:05Z", now),
            absl::FromUnixSeconds(86405));
  // As the list shows it, in whatever zone the machine is.
  EXPECT_EQ(ParseTimestamp("1970-01-02 01:02:03 UTC", now),
            ParseTimestamp("1970-01-02 01:02:03", now));
  EXPECT_EQ(ParseTimestamp(TimestampText(now), now), now);
  EXPECT_EQ(ParseTimestamp(TimestampCell(now), now), now);
  for (const char* text : {"", "soon", "-2h", "1970-13-01", "99999999999d"}) {
    EXPECT_EQ(ParseTimestamp(text, now), std::nullopt) << text;
  }
}

TEST(TimestampTest, AZoneOfItsOwnCounts) {
  EXPECT_EQ(ParseTimestamp("1970-01-01T01:00:00+01:00", absl::Now()),
            absl::UnixEpoch());
  EXPECT_EQ(ParseTimestamp("1969-12-31T23:00:00-01:00", absl::Now()),
            absl::UnixEpoch());
}

TEST(TimestampTest, AgoIsZeroOrMore) {
  const absl::Time now = absl::FromUnixSeconds(1000000);
  EXPECT_EQ(ParseTimestamp("0", now), now);
  EXPECT_EQ(ParseTimestamp("0d", now), now);
  EXPECT_EQ(ParseTimestamp("1h30m", now), now - absl::Minutes(90));
  EXPECT_EQ(ParseTimestamp("-1d", now), std::nullopt);
}

TEST(TimestampTest, DaysThatThereAreNotAreNone) {
  const absl::Time now = absl::FromUnixSeconds(1000000);
  for (const char* text :
       {"2026-02-30", "2026-00-01", "2026-11-20 25:00", "2026-11-20 16:05:61",
        "2026-11-20 16", "2026-11-20 16:05 CET", "2026-11-20T16:05:03", "UTC",
        " UTC", "2026-11-20\n; rm"}) {
    EXPECT_EQ(ParseTimestamp(text, now), std::nullopt) << text;
  }
}

// Words of the parser that is below, which no user of ours means.
TEST(TimestampTest, WithoutAnEndIsNoMoment) {
  const absl::Time now = absl::FromUnixSeconds(1000000);
  for (const char* text : {"inf", "+inf", "-inf", "infinite-past",
                           "infinite-future", "infinite-past UTC"}) {
    EXPECT_EQ(ParseTimestamp(text, now), std::nullopt) << text;
  }
}

TEST(TimestampTest, IsShownInUtcWithoutFractions) {
  const absl::Time time = absl::FromUnixMillis(1700000000250);
  EXPECT_EQ(TimestampText(time), "2023-11-14 22:13:20 UTC");
  EXPECT_EQ(TimestampCell(time), "2023-11-14 22:13:20");
}

TEST(TimestampTest, Rfc3339KeepsMilliseconds) {
  const absl::Time time = absl::FromUnixMillis(1700000000250);
  EXPECT_EQ(TimestampRfc3339(time), "2023-11-14T22:13:20.250Z");
  EXPECT_EQ(ParseTimestamp(TimestampRfc3339(time), absl::UnixEpoch()), time);
}

}  // namespace
}  // namespace klpx
