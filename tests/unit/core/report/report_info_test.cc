// SPDX-License-Identifier: GPL-2.0
// The report of 'info', as text and as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "controller/core/report/report.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A patch of vmlinux and of ext4, before it is loaded.
InfoReport OfFile() {
  InfoReport report;
  report.path = "fix.ko";
  report.file = PatchFile();
  report.file->module = "fix";
  report.file->engine = Engine::kKlpx;
  PatchDescription& patch = report.file->patch.emplace();
  patch.model = "tasks";
  patch.objects = {{"vmlinux", {}}, {"ext4", {"pre_patch", "post_patch"}}};
  patch.functions = {{"vmlinux", "do_open", "new_open", 2},
                     {"ext4", "ext4_open", "", 0}};
  patch.states = {{7, "sockets", 2, true, true, {"shadow_dtor"}}};
  return report;
}

PatchState Loaded() {
  PatchState patch;
  patch.name = "fix";
  patch.registered = true;
  patch.enabled = true;
  patch.stack_order = 1;
  patch.replace = false;
  patch.replace_set = 0;
  patch.model = "tasks";
  patch.version = "1.0";
  patch.objects = {{"vmlinux", true, {{"do_open", "2", "fix"}}, {}},
                   {"ext4", false, {{"ext4_open", "1", "fix"}}, {"pre_patch"}}};
  patch.states = {{7, "sockets", 2, true, true, {"shadow_dtor"}}};
  return patch;
}

InfoReport OfPatch() {
  InfoReport report;
  report.patch = Loaded();
  report.installed = {Loaded()};
  return report;
}

InfoReport OfBoth(bool same_build) {
  InfoReport report = OfFile();
  report.patch = Loaded();
  report.installed = {Loaded()};
  report.same_build = same_build;
  return report;
}

TEST(InfoReportTest, FitsItsSchema) {
  InfoReport unknown = OfFile();
  unknown.file->patch.reset();
  for (const InfoReport& report : {InfoReport(), OfFile(), OfPatch(),
                                   OfBoth(true), OfBoth(false), unknown}) {
    EXPECT_THAT(SchemaErrors("klp.info", InfoJson(report)), IsEmpty());
  }
}

TEST(InfoReportTest, ShowsEverythingAFileSays) {
  EXPECT_EQ(InfoText(OfFile()),
            "file:        fix.ko\n"
            "module:      fix\n"
            "engine:      klpx\n"
            "model:       tasks\n"
            "replace:     no\n"
            "\n"
            "STATE  NAME     VERSION  FLAGS                    CALLBACKS\n"
            "7      sockets  2        is_shadow,block_disable  shadow_dtor\n"
            "\n"
            "OBJECT   LOADED  CALLBACKS\n"
            "vmlinux  yes     -\n"
            "ext4     no      pre_patch,post_patch\n"
            "\n"
            "OBJECT   FUNCTION   SYMPOS  REPLACEMENT\n"
            "vmlinux  do_open    2       new_open\n"
            "ext4     ext4_open  0       -\n");
}

TEST(InfoReportTest, ShowsALoadedPatchAsInSysfs) {
  EXPECT_EQ(InfoText(OfPatch()),
            "patch:       fix\n"
            "state:       enabled\n"
            "order:       1\n"
            "version:     1.0\n"
            "model:       tasks\n"
            "replace:     no\n"
            "\n"
            "STATE  NAME     VERSION  FLAGS                    CALLBACKS\n"
            "7      sockets  2        is_shadow,block_disable  shadow_dtor\n"
            "\n"
            "OBJECT   PATCHED  CALLBACKS\n"
            "vmlinux  yes      -\n"
            "ext4     no       pre_patch\n"
            "\n"
            "OBJECT   FUNCTION   SYMPOS  NEWEST\n"
            "vmlinux  do_open    2       fix\n"
            "ext4     ext4_open  1       fix\n");
}

TEST(InfoReportTest, JoinsAFileWithThePatchLoadedFromIt) {
  const std::string text = InfoText(OfBoth(true));
  EXPECT_THAT(text, HasSubstr("OBJECT   LOADED  PATCHED  CALLBACKS\n"
                              "vmlinux  yes     yes      -\n"));
  EXPECT_THAT(text, HasSubstr("do_open    2       new_open     fix\n"));
  EXPECT_EQ(text.find("STATE "), text.rfind("STATE "));
}

TEST(InfoReportTest, ShowsWhatTheModuleHasChangedSince) {
  InfoReport report = OfBoth(true);
  report.patch->model = "stop-machine";
  report.patch->replace = true;
  EXPECT_THAT(InfoText(report), HasSubstr("\npatch:       fix\n"
                                          "state:       enabled\n"
                                          "order:       1\n"
                                          "version:     1.0\n"
                                          "model:       stop-machine\n"
                                          "replace:     yes, all"));
}

TEST(InfoReportTest, ShowsFunctionsThatAreNotInTheFile) {
  InfoReport report = OfBoth(true);
  report.patch->objects[0].functions.push_back({"do_close", "1", "fix"});
  EXPECT_THAT(InfoText(report), HasSubstr("vmlinux  do_close   1       fix\n"));
}

TEST(InfoReportTest, DoesNotJoinAFileWithAnotherBuild) {
  const std::string text = InfoText(OfBoth(false));
  EXPECT_THAT(text, HasSubstr("build:       differs from the file\n"));
  EXPECT_THAT(text, HasSubstr("OBJECT   LOADED  CALLBACKS\n"));
  EXPECT_THAT(text, HasSubstr("OBJECT   PATCHED  CALLBACKS\n"));
}

TEST(InfoReportTest, NamesThePatchThatHasAFunctionOfTheFile) {
  InfoReport report = OfFile();
  report.installed = {Loaded()};
  report.installed[0].name = "other";
  EXPECT_THAT(InfoText(report),
              HasSubstr("do_open    2       new_open     other\n"));
  const auto json = nlohmann::json::parse(InfoJson(report));
  EXPECT_EQ(json["file"]["functions"][0]["owner"], "other");
}

TEST(InfoReportTest, ShowsSets) {
  InfoReport report = OfFile();
  report.file->patch->replace_set = 3;
  EXPECT_THAT(InfoText(report),
              HasSubstr("replace:     no; belongs to set 3\n"));
  report.file->patch->replace = true;
  EXPECT_THAT(InfoText(report),
              HasSubstr("replace:     yes, all earlier patches of set 3\n"));
}

TEST(InfoReportTest, SaysThatNothingIsKnownBeforeItIsLoaded) {
  InfoReport report = OfFile();
  report.file->patch.reset();
  EXPECT_THAT(InfoText(report), HasSubstr("known only once it is loaded"));
  const auto json = nlohmann::json::parse(InfoJson(report));
  EXPECT_TRUE(json["file"]["states"].is_null());
}

TEST(InfoReportTest, CannotDriveTheTerminal) {
  InfoReport report = OfFile();
  report.file->patch->states[0].name = "\033[2J";
  EXPECT_THAT(InfoText(report), Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace klpx
