// SPDX-License-Identifier: GPL-2.0
// The JSON of 'info'.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "controller/core/report/report.h"
#include "tests/unit/core/report/info_samples.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::IsEmpty;

nlohmann::json JsonOf(const InfoReport& report) {
  return nlohmann::json::parse(InfoJson(report));
}

TEST(InfoJsonTest, FitsItsSchema) {
  InfoReport unknown = OfFile();
  unknown.file->patch.reset();
  for (const InfoReport& report : {InfoReport(), OfFile(), OfPatch(),
                                   OfBoth(true), OfBoth(false), unknown}) {
    EXPECT_THAT(SchemaErrors("klp.info", InfoJson(report)), IsEmpty());
  }
}

TEST(InfoJsonTest, OfNothingHasNeitherFileNorPatch) {
  EXPECT_TRUE(JsonOf({})["file"].is_null());
  EXPECT_TRUE(JsonOf({})["patch"].is_null());
}

TEST(InfoJsonTest, OfAFileIsAllItSays) {
  const auto file = JsonOf(OfFile())["file"];
  EXPECT_EQ(file["path"], "fix.ko");
  EXPECT_EQ(file["module"], "fix");
  EXPECT_EQ(file["engine"], "klpx");
  EXPECT_EQ(file["model"], "tasks");
  EXPECT_EQ(file["replace"], false);
  EXPECT_TRUE(file["is_loaded_build"].is_null());
  EXPECT_EQ(file["states"][0]["id"], 7);
  EXPECT_EQ(file["functions"][0]["sympos"], 2);
  EXPECT_EQ(file["functions"][0]["replacement"], "new_open");
  EXPECT_TRUE(file["functions"][1]["replacement"].is_null());
  EXPECT_TRUE(file["functions"][1]["owner"].is_null());
}

TEST(InfoJsonTest, TheKernelIsLoadedAndModulesThatAre) {
  InfoReport report = OfFile();
  EXPECT_EQ(JsonOf(report)["file"]["objects"][0]["loaded"], true);
  EXPECT_EQ(JsonOf(report)["file"]["objects"][1]["loaded"], false);
  report.loaded_modules = {"ext4"};
  EXPECT_EQ(JsonOf(report)["file"]["objects"][1]["loaded"], true);
}

TEST(InfoJsonTest, NamesWhichPatchHasAFunction) {
  InfoReport report = OfFile();
  report.installed = {Loaded()};
  report.installed[0].name = "other";
  EXPECT_EQ(JsonOf(report)["file"]["functions"][0]["owner"], "other");
}

TEST(InfoJsonTest, SaysWhetherTheFileIsTheBuildThatRuns) {
  EXPECT_EQ(JsonOf(OfBoth(true))["file"]["is_loaded_build"], true);
  EXPECT_EQ(JsonOf(OfBoth(false))["file"]["is_loaded_build"], false);
  EXPECT_EQ(JsonOf(OfBoth(true))["patch"]["name"], "fix");
}

TEST(InfoJsonTest, WhatOnlyTheLoadedModuleSaysIsNull) {
  InfoReport report = OfFile();
  report.file->patch.reset();
  const auto file = JsonOf(report)["file"];
  for (const char* name :
       {"model", "builder", "replace", "replace_set", "states", "objects"}) {
    EXPECT_TRUE(file[name].is_null()) << name;
  }
  EXPECT_TRUE(file["functions"].is_array());
}

// kpatch-build and klp-build decide about replacing in code.
TEST(InfoJsonTest, WhetherABuildersPatchReplacesIsNotKnown) {
  InfoReport report = OfFile();
  report.file->patch->builder = "kpatch-build";
  EXPECT_EQ(JsonOf(report)["file"]["builder"], "kpatch-build");
  EXPECT_TRUE(JsonOf(report)["file"]["replace"].is_null());
}

}  // namespace
}  // namespace klpx
