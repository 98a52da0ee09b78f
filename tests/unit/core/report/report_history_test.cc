// SPDX-License-Identifier: GPL-2.0
// Transitions of the past, as a table and as JSON.
#include "controller/core/report/report_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_split.h"
#include "tests/unit/core/history/history_samples.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(HistoryReportTest, JsonIsAsTheSchemaSays) {
  TransitionRecord record = Reversed();
  record.forces = {{record.blocked[0], true, 103 * kSecond}};
  TransitionRecord bare;
  bare.boot_id = "b-o-o-t";
  EXPECT_THAT(SchemaErrors("klp.history", HistoryJson({}, {record, bare})),
              IsEmpty());
}

TEST(HistoryReportTest, TheNewestIsLast) {
  TransitionRecord newer = Reversed();
  newer.id = 13;
  newer.outcome = Outcome::kRunning;
  newer.ended_ns.reset();
  EXPECT_EQ(
      HistoryText({newer, Reversed()}, /*verbose=*/false),
      "ID  BEGUN (UTC)          PATCH  DIRECTION  OUTCOME   TOOK   TASKS  "
      "BLOCKERS  BY\n"
      "12  2023-11-14 22:13:20  fix    patching   reversed  4.25s  123    "
      "2         root\n"
      "13  2023-11-14 22:13:20  fix    patching   running   -      123    "
      "2         root\n");
}

TEST(HistoryReportTest, AnOrdinaryRowFitsInAHundredColumns) {
  TransitionRecord record = Reversed();
  record.id = 123;
  record.patch = "klpx_fix_cve_23141";
  record.outcome = Outcome::kCompleted;
  record.initiator.by = "outside";
  const std::string text = HistoryText({record}, /*verbose=*/false);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    EXPECT_LT(line.size(), 100u) << line;
  }
  EXPECT_THAT(text, HasSubstr("unknown"));
  record.forced = 1;
  EXPECT_THAT(HistoryText({record}, false), HasSubstr("FORCED"));
}

TEST(HistoryReportTest, VerboseTellsTheStoryOfEachTheNewestLast) {
  TransitionRecord newer = Reversed();
  newer.id = 13;
  const std::string text = HistoryText({newer, Reversed()}, /*verbose=*/true);
  EXPECT_THAT(text, HasSubstr("Transition 12"));
  EXPECT_LT(text.find("Transition 12"), text.find("Transition 13"));
  EXPECT_THAT(text, HasSubstr("do_open+0x10/0x40"));
}

TEST(HistoryReportTest, NamesCannotDriveTheTerminal) {
  TransitionRecord record = Reversed();
  record.patch = "\033[2J";
  record.initiator.user = "\033]0;x";
  EXPECT_THAT(HistoryText({record}, /*verbose=*/false), Not(HasSubstr("\033")));
}

nlohmann::json JsonOf(const TransitionRecord& record) {
  return nlohmann::json::parse(HistoryJson({}, {record}))["transitions"][0];
}

TEST(HistoryJsonTest, OfNothingIsAnEmptyList) {
  const auto json = nlohmann::json::parse(HistoryJson({}, {}));
  EXPECT_TRUE(json["transitions"].is_array());
  EXPECT_TRUE(json["transitions"].empty());
}

TEST(HistoryJsonTest, TimesAreOfBothClocks) {
  const auto json = JsonOf(Reversed());
  EXPECT_EQ(json["begun"], "2023-11-14T22:13:20.000Z");
  EXPECT_EQ(json["started"], "2023-11-14T22:13:21.000Z");
  EXPECT_EQ(json["started_ns"], 100 * kSecond);
  EXPECT_EQ(json["ended"], "2023-11-14T22:13:25.250Z");
  EXPECT_EQ(json["took_ms"], 4250);
  EXPECT_EQ(json["events"][0]["time"], "2023-11-14T22:13:22.000Z");
}

TEST(HistoryJsonTest, WhatIsNotKnownIsNull) {
  TransitionRecord record;
  record.blocked.emplace_back();
  const auto json = JsonOf(record);
  for (const char* name :
       {"started", "started_ns", "ended", "took_ms", "tasks", "model"}) {
    EXPECT_TRUE(json[name].is_null()) << name;
  }
  EXPECT_EQ(json["outcome"], "starting");
  for (const char* name : {"idle_cpu", "cmdline", "cgroup", "function",
                           "blocked_ms", "signalled_ns"}) {
    EXPECT_TRUE(json["blocked"][0][name].is_null()) << name;
  }
}

TEST(HistoryJsonTest, TasksHaveTheTimeForWhichTheyBlocked) {
  const auto task = JsonOf(Reversed())["blocked"][0];
  EXPECT_EQ(task["tid"], 412);
  EXPECT_EQ(task["blocked_ms"], 3500);
  EXPECT_EQ(task["signals"], 1);
  EXPECT_EQ(task["stack"].size(), 2u);
}

TEST(HistoryJsonTest, AForceHasADirectionIfItWasWrittenDown) {
  TransitionRecord record = Reversed();
  const BlockerRecord task = record.blocked[0];
  record.forces = {{task, true, 103 * kSecond, true},
                   {task, true, 103 * kSecond, false},
                   {task, false, 103 * kSecond, std::nullopt}};
  const auto forces = JsonOf(record)["forces"];
  EXPECT_EQ(forces[0]["direction"], "patching");
  EXPECT_EQ(forces[1]["direction"], "unpatching");
  EXPECT_TRUE(forces[2]["direction"].is_null());
  EXPECT_EQ(forces[2]["done"], false);
  EXPECT_EQ(forces[0]["time"], "2023-11-14T22:13:24.000Z");
}

// The kernel's own engine does not say which tasks it has signalled.
TEST(HistoryJsonTest, SignalsOfTheKernelsEngineAreNotKnown) {
  TransitionRecord record = Reversed();
  record.engine = "kernel";
  EXPECT_TRUE(JsonOf(record)["signals"].is_null());
  EXPECT_TRUE(JsonOf(record)["blocked"][0]["signals"].is_null());
}

TEST(HistoryJsonTest, SurvivesWhatADamagedFileMaySay) {
  TransitionRecord record = Reversed();
  record.begun = absl::InfinitePast();
  record.started_ns = INT64_MIN;
  record.ended_ns = INT64_MAX;
  record.blocked[0].seen_ns = UINT64_MAX;
  record.blocked[0].comm = "\xff";
  record.events[0].time_ns = INT64_MIN;
  record.watched = {{INT64_MIN, INT64_MAX}};
  EXPECT_THAT(SchemaErrors("klp.history", HistoryJson({}, {record})),
              IsEmpty());
}

}  // namespace
}  // namespace klpx
