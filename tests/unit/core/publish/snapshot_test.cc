// SPDX-License-Identifier: GPL-2.0
#include "controller/core/publish/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "controller/core/publish/daemon_report.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

constexpr char kWhole[] = R"({
  "schema": "klp.snapshot.v1", "host": "web1", "boot_id": "b", "kernel": "6.12",
  "time": "2026-11-21T10:00:00Z", "monotonic_ns": 5000000000,
  "daemon": {"version": "0.1.0", "pid": 7},
  "status": {"schema": "klp.status/v1", "patches": [{"name": "fix"}]},
  "list": null,
  "blocking": {"schema": "klp.blocking/v1", "blockers": []},
  "history": {"schema": "klp.history/v1", "transitions": []},
  "errors": {"list": "took too long"}})";

std::string With(const std::string& what, const std::string& instead) {
  return absl::StrReplaceAll(kWhole, {{what, instead}});
}

std::string ErrorOf(const std::string& text) {
  const absl::StatusOr<Snapshot> snapshot = ParseSnapshot(text);
  return snapshot.ok() ? "" : std::string(snapshot.status().message());
}

TEST(SnapshotTest, ReadsHeadMembersAndErrors) {
  const absl::StatusOr<Snapshot> snapshot = ParseSnapshot(kWhole);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->host.name, "web1");
  EXPECT_EQ(snapshot->host.monotonic_ns, 5000000000);
  EXPECT_EQ(snapshot->status["patches"][0]["name"], "fix");
  EXPECT_TRUE(snapshot->list.is_null());
  EXPECT_EQ(snapshot->errors["list"], "took too long");
}

TEST(SnapshotTest, ReadsASnapshotOfTheDaemon) {
  SnapshotHead head;
  head.host.name = "web1";
  head.host.monotonic_ns = 7;
  head.version = "0.1.0";
  const absl::StatusOr<Snapshot> snapshot = ParseSnapshot(SnapshotJson(
      head, {{"status", R"({"schema": "klp.status/v1", "patches": []})"},
             {"blocking", absl::UnavailableError("no observer")}}));
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->host.name, "web1");
  EXPECT_EQ(snapshot->host.monotonic_ns, 7);
  EXPECT_EQ(snapshot->daemon["version"], "0.1.0");
  EXPECT_TRUE(snapshot->status["patches"].is_array());
  EXPECT_TRUE(snapshot->blocking.is_null());
  EXPECT_EQ(snapshot->errors["blocking"], "no observer");
}

TEST(SnapshotTest, NewerFieldsDoNotMatter) {
  EXPECT_EQ(ErrorOf(With("\"list\": null", "\"list\": null, \"new\": [1]")),
            "");
}

TEST(SnapshotTest, EveryTruncatedFileIsAnError) {
  const std::string whole = kWhole;
  for (size_t size = 0; size < whole.size(); size++) {
    EXPECT_NE(ErrorOf(whole.substr(0, size)), "") << size;
  }
}

// Any change of a byte leads to an error or a snapshot, never to a crash.
TEST(SnapshotTest, SurvivesEveryDamagedByte) {
  const std::string whole = kWhole;
  int read = 0;
  for (size_t at = 0; at < whole.size(); at++) {
    for (const char byte : {'\0', '"', '{', '[', '9', '\xff'}) {
      std::string damaged = whole;
      damaged[at] = byte;
      const absl::StatusOr<Snapshot> snapshot = ParseSnapshot(damaged);
      if (!snapshot.ok()) continue;
      read++;
      EXPECT_TRUE(snapshot->errors.is_object());
    }
  }
  EXPECT_GT(read, 0);
}

struct Fault {
  const char* name;
  const char* what;
  const char* instead;
  const char* says;
};

class SnapshotFaultTest : public ::testing::TestWithParam<Fault> {};

TEST_P(SnapshotFaultTest, IsRefusedWithAReason) {
  const Fault& fault = GetParam();
  EXPECT_THAT(ErrorOf(With(fault.what, fault.instead)), HasSubstr(fault.says));
}

INSTANTIATE_TEST_SUITE_P(
    All, SnapshotFaultTest,
    ::testing::Values(
        Fault{"Older", "snapshot.v1", "snapshot.v0", "klp.snapshot.v0"},
        Fault{"Foreign", "\"klp.snapshot.v1\"", "42", "schema ''"},
        Fault{"NoTime", "2026-11-21T10:00:00Z", "yesterday", "'time'"},
        Fault{"InfinitePast", "2026-11-21T10:00:00Z", "infinite-past",
              "cannot be a machine's clock"},
        Fault{"InfiniteFuture", "2026-11-21T10:00:00Z", "infinite-future",
              "cannot be a machine's clock"},
        Fault{"FarFuture", "2026-11-21T10:00:00Z",
              "200000000000-11-21T10:00:00Z", "cannot be a machine's clock"},
        Fault{"BeforeTheEpoch", "2026-11-21T10:00:00Z", "1903-11-21T10:00:00Z",
              "cannot be a machine's clock"},
        Fault{"ClockTooFar", "5000000000", "18446744073709551615",
              "'monotonic_ns'"},
        Fault{"ClockBeforeBoot", "5000000000", "-5", "'monotonic_ns'"},
        Fault{"NoClock", "5000000000", "\"5\"", "'monotonic_ns'"},
        Fault{"OtherStatus", "klp.status/v1", "klp.status/v2",
              "not klp.status/v1"},
        Fault{"NoPatches", "\"patches\": [{", "\"patched\": [{",
              "'status.patches'"},
        Fault{"PatchesOfNumbers", "[{\"name\": \"fix\"}]", "[1]",
              "'status.patches'"},
        Fault{"ListIsText", "\"list\": null", "\"list\": \"x\"",
              "'list' is not an object"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(SnapshotTest, RefusesAnythingButAnObject) {
  EXPECT_THAT(ErrorOf("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("is empty"));
  EXPECT_THAT(ErrorOf(std::string(100, '\0')), HasSubstr("is not JSON"));
}

TEST(SnapshotTest, DeepNestingIsRefusedBeforeItIsParsed) {
  const std::string deep(1000000, '[');
  EXPECT_THAT(ErrorOf(deep), HasSubstr("nested deeper"));
  EXPECT_THAT(ErrorOf(With("\"list\": null",
                           absl::StrCat("\"list\": ", std::string(40, '['),
                                        std::string(40, ']')))),
              HasSubstr("nested deeper"));
}

TEST(SnapshotTest, BracketsInTextAreNotDepth) {
  EXPECT_EQ(ErrorOf(With("took too long", std::string(100, '['))), "");
  EXPECT_EQ(ErrorOf(With("took too long",
                         "\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
                         "[[[[[[[[[[[[[[[[[")),
            "");
}

TEST(SnapshotTest, HugeFilesAreRefusedUnread) {
  EXPECT_THAT(ErrorOf(std::string(kLargestSnapshotBytes + 1, ' ')),
              HasSubstr("bytes, more than"));
}

TEST(SnapshotTest, UsesTheMonotonicClockWithinOneBoot) {
  const absl::StatusOr<Snapshot> snapshot = ParseSnapshot(kWhole);
  ASSERT_TRUE(snapshot.ok());
  Host now = snapshot->host;
  now.monotonic_ns += 3000000000;
  now.time -= absl::Hours(1);
  EXPECT_EQ(SnapshotAge(*snapshot, now), absl::Seconds(3));
  now.boot_id = "another";
  now.time = snapshot->host.time + absl::Minutes(2);
  EXPECT_FALSE(IsOfThisBoot(*snapshot, now));
  EXPECT_EQ(SnapshotAge(*snapshot, now), absl::Minutes(2));
}

}  // namespace
}  // namespace klpx
