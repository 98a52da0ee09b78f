// SPDX-License-Identifier: GPL-2.0
// Parts of reports in JSON that more than one report has.
#include "controller/core/report/report_json.h"

#include <gtest/gtest.h>

#include "tests/unit/core/report/report_samples.h"

namespace klpx {
namespace {

TEST(AgeMsTest, IsTheTimeSinceItWasSeenToBlock) {
  klpx_task_info info = {};
  EXPECT_EQ(AgeMs(info, 5000000000), std::nullopt) << "it never was";
  info.since_ns = 1000000000;
  EXPECT_EQ(AgeMs(info, 1000000000), 0u);
  EXPECT_EQ(AgeMs(info, 5000000000), 4000u);
}

// The engine has seen it a little after the clock was read.
TEST(AgeMsTest, AClockBehindTheEngineTakesItsWord) {
  klpx_task_info info = {};
  info.since_ns = UINT64_MAX;
  info.age_ms = 17;
  EXPECT_EQ(AgeMs(info, 5000000000), 17u);
}

TEST(StatesJsonTest, HasAllThatIsKnown) {
  const Json json = StatesJson({{7, "sockets", 2, true, false, {"pre_patch"}},
                                {8, "", std::nullopt, false, true, {}}});
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["id"], 7);
  EXPECT_EQ(json[0]["name"], "sockets");
  EXPECT_EQ(json[0]["version"], 2);
  EXPECT_EQ(json[0]["block_disable"], true);
  EXPECT_EQ(json[0]["is_shadow"], false);
  EXPECT_EQ(json[0]["callbacks"][0], "pre_patch");
  EXPECT_TRUE(json[1]["name"].is_null());
  EXPECT_TRUE(json[1]["version"].is_null());
  EXPECT_TRUE(json[1]["callbacks"].is_array());
  EXPECT_TRUE(StatesJson({}).is_array());
}

TEST(TransitionsJsonTest, HasThoseThatMove) {
  const Json json = TransitionsJson({Enabled(), Enabling(), Theirs()});
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["patch"], "fix");
  EXPECT_EQ(json[0]["state"], "enabling");
  EXPECT_EQ(json[0]["pending"], 2);
  EXPECT_EQ(json[0]["elapsed_ms"], 3000);
  EXPECT_EQ(json[1]["engine"], "kernel");
  EXPECT_TRUE(json[1]["tasks"].is_null());
  EXPECT_TRUE(TransitionsJson({Enabled()}).is_array());
}

TEST(PatchJsonTest, ForcesHaveADirectionIfItIsKnown) {
  PatchState patch = Enabled();
  patch.forces = {{7, true, 1}, {8, false, 2}, {9, std::nullopt, 3}};
  const Json forces = PatchJson(patch)["forces"];
  ASSERT_EQ(forces.size(), 3u);
  EXPECT_EQ(forces[0]["direction"], "unpatching");
  EXPECT_EQ(forces[1]["direction"], "patching");
  EXPECT_TRUE(forces[2]["direction"].is_null());
  EXPECT_EQ(forces[2]["transition"], 9);
  EXPECT_EQ(forces[2]["tasks"], 3);
}

TEST(PatchJsonTest, WhatTheEngineDoesNotTellIsNull) {
  const Json json = PatchJson(LeftOver());
  for (const char* name : {"stack_order", "version", "model", "replace",
                           "replace_set", "replaced_by", "forced", "tasks",
                           "pending", "elapsed_ms", "retries", "refcount"}) {
    EXPECT_TRUE(json[name].is_null()) << name;
  }
  EXPECT_EQ(json["state"], "disabled");
  EXPECT_EQ(json["enabled"], false);
}

TEST(PatchJsonTest, HasObjectsWithTheirFunctions) {
  PatchState patch = Enabled();
  patch.objects.push_back({"ext4", std::nullopt, {}});
  const Json objects = PatchJson(patch)["objects"];
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_EQ(objects[0]["patched"], true);
  EXPECT_EQ(objects[0]["functions"][0]["name"], "do_open");
  EXPECT_EQ(objects[0]["functions"][0]["owner"], "fix");
  EXPECT_TRUE(objects[1]["patched"].is_null());
  EXPECT_TRUE(objects[1]["functions"].is_array());
}

TEST(BlockerJsonTest, SaysWhichTaskAndWhy) {
  const Json json = BlockerJson(BlockerFor(KLPX_ON_FUNCTION), 5000000000);
  EXPECT_EQ(json["tid"], 42);
  EXPECT_EQ(json["pid"], 40);
  EXPECT_EQ(json["start_ns"], 7);
  EXPECT_EQ(json["comm"], "reader");
  EXPECT_EQ(json["patch"], "fix");
  EXPECT_EQ(json["reason"], "on-function");
  EXPECT_EQ(json["function"], "do_open");
  EXPECT_EQ(json["age_ms"], 4000);
  EXPECT_EQ(json["stack"].size(), 2u);
  EXPECT_TRUE(json["idle_cpu"].is_null());
  EXPECT_TRUE(json["uid"].is_null());
  EXPECT_TRUE(json["user"].is_null());
}

TEST(BlockerJsonTest, AnIdleTaskHasItsCpu) {
  Blocker blocker = BlockerFor(KLPX_IDLE);
  blocker.info.key = {0, 0, 0};
  blocker.info.function[0] = '\0';
  const Json json = BlockerJson(blocker, 0);
  EXPECT_EQ(json["idle_cpu"], 0);
  EXPECT_TRUE(json["function"].is_null());
}

TEST(BlockerJsonTest, RootIsAUser) {
  Blocker blocker = BlockerFor(KLPX_RUNNING);
  blocker.uid = 0;
  blocker.user = "root";
  const Json json = BlockerJson(blocker, 0);
  EXPECT_EQ(json["uid"], 0);
  EXPECT_EQ(json["user"], "root");
}

TEST(LossesJsonTest, NoneAreZeroAndUnknownAreNull) {
  EXPECT_TRUE(LossesJson(std::nullopt).is_null());
  const Json json = LossesJson(LossCounters{1, 2, 3, UINT64_MAX});
  EXPECT_EQ(json["events"], 1);
  EXPECT_EQ(json["events_lost"], 2);
  EXPECT_EQ(json["state_lost"], 3);
  EXPECT_EQ(json["read_failed"], UINT64_MAX);
}

}  // namespace
}  // namespace klpx
