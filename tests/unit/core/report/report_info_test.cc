// SPDX-License-Identifier: GPL-2.0
// The report of 'info' as text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/report/report.h"
#include "tests/unit/core/report/info_samples.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(InfoReportTest, OfAFileIsAllItSays) {
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
}

TEST(InfoReportTest, CannotDriveTheTerminal) {
  InfoReport report = OfFile();
  report.file->patch->states[0].name = "\033[2J";
  EXPECT_THAT(InfoText(report), Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace klpx
