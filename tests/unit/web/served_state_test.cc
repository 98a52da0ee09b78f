// SPDX-License-Identifier: GPL-2.0
#include "controller/web/served_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/schema/schema_check.h"
#include "tests/unit/web/view_files.h"

namespace klpx {
namespace {

using ::testing::IsEmpty;

std::shared_ptr<const Documents> At(int64_t seconds, int pending) {
  const std::string text = StuckSnapshot("b", seconds * 1000000000, pending);
  absl::StatusOr<Snapshot> snapshot = ParseSnapshot(text);
  snapshot->host.time += absl::Seconds(seconds);
  return MakeDocuments(*std::move(snapshot), text);
}

TEST(ProgressSeriesTest, KeepsOneTransitionAndItsEnd) {
  ProgressSeries series;
  series.Add(*At(1, 9));
  series.Add(*At(2, 4));
  Documents settled = *At(3, 0);
  settled.snapshot.blocking["patch"] = nullptr;
  series.Add(settled);
  series.Add(settled);
  const Json json = series.ToJson();
  ASSERT_EQ(json["points"].size(), 3u);
  EXPECT_EQ(json["points"][1]["pending"], 4);
  EXPECT_EQ(json["points"][2]["pending"], 0);
  EXPECT_EQ(json["transition"], "fix enabling");
}

// The kernel's own engine does not report the elapsed time.
TEST(ProgressSeriesTest, IsOneTransitionWithoutAnElapsedTime) {
  ProgressSeries series;
  for (int second = 0; second < 10; second++) {
    Documents documents = *At(second, 9);
    documents.snapshot.blocking["elapsed_ms"] = nullptr;
    series.Add(documents);
  }
  EXPECT_EQ(series.ToJson()["points"].size(), 10u);
}

// The numbers come from a file and may be anything.
TEST(ProgressSeriesTest, ImpossibleTimesDoNotOverflow) {
  for (const uint64_t elapsed :
       {uint64_t{0}, uint64_t{INT64_MAX}, uint64_t{1} << 63, UINT64_MAX}) {
    ProgressSeries series;
    for (const absl::Time time :
         {absl::InfinitePast(), absl::UnixEpoch(), absl::InfiniteFuture()}) {
      Documents documents = *At(1, 9);
      documents.snapshot.host.time = time;
      documents.snapshot.blocking["elapsed_ms"] = elapsed;
      series.Add(documents);
      EXPECT_GE(series.ToJson()["began_ms"], 0) << elapsed;
    }
  }
}

TEST(ProgressSeriesTest, IsThinnedOutNotCut) {
  ProgressSeries series;
  for (int second = 0; second < 5000; second++) {
    series.Add(*At(second, 9));
  }
  const Json json = series.ToJson();
  EXPECT_LT(json["points"].size(), 1200u);
  EXPECT_EQ(json["points"][0]["time_ms"],
            absl::ToUnixMillis(At(0, 9)->snapshot.host.time));
  EXPECT_GE(json["points"].back()["time_ms"],
            absl::ToUnixMillis(At(4980, 9)->snapshot.host.time));
}

TEST(StateEventTest, IsSmallAndSaysHowOldItIs) {
  ServedState served;
  served.documents = At(10, 9);
  served.freshness = Freshness::kStale;
  served.error = "the daemon sleeps";
  Host now = served.documents->snapshot.host;
  now.monotonic_ns += 2000000000;
  const Json json = Json::parse(StateEvent(served, now));
  EXPECT_EQ(json["snapshot"]["state"], "stale");
  EXPECT_EQ(json["snapshot"]["age_ms"], 2000);
  EXPECT_EQ(json["blocking"]["pending"], 9);
  EXPECT_EQ(json["blocking"]["stacks"]["children"][0]["name"], "a");
  EXPECT_FALSE(json["blocking"].contains("blockers"));
  EXPECT_EQ(StateEvent(served, now).find('\n'), std::string::npos);
  EXPECT_THAT(SchemaErrors("klp.event", StateEvent(served, now)), IsEmpty());
  EXPECT_THAT(SchemaErrors("klp.event", StateEvent(ServedState(), now)),
              IsEmpty());
}

TEST(StateEventTest, SaysWhatToDo) {
  ServedState served;
  served.documents = At(10, 9);
  const Json json =
      Json::parse(StateEvent(served, served.documents->snapshot.host));
  EXPECT_EQ(json["blocking"]["advice"][0]["commands"][0],
            "klp-controller signal fix");
}

}  // namespace
}  // namespace klpx
