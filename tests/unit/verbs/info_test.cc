// SPDX-License-Identifier: GPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class InfoTest : public testing::Test, protected CommandTest {
 protected:
  static constexpr char kNote[] =
      "/sys/module/test_fix/notes/.note.gnu.build-id";

  // Installs the patch file where depmod finds it.
  void Install() {
    const std::string dir = "/lib/modules/6.12.0-test/";
    kernel.files[dir + "extra/test-fix.ko"] = kernel.files[kFile];
    kernel.files[dir + "modules.dep"] =
        "kernel/other.ko:\nextra/test-fix.ko: extra/klpx.ko\n";
  }

  std::string BuildNote() {
    return ParsePatchFile(kernel.files[kFile])->build_id;
  }
};

TEST_F(InfoTest, ReadsAFile) {
  kernel.root = false;
  EXPECT_EQ(RunInfo(context, kFile).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("test_fix"));
  EXPECT_THAT(out.str(), HasSubstr("do_close"));
  EXPECT_THAT(out.str(), HasSubstr("new_close"));
  EXPECT_THAT(out.str(), HasSubstr("build id:    abcd"));
}

TEST_F(InfoTest, ShowsTheLoadedPatchBesideItsFile) {
  kernel.AddPatch(kName);
  EXPECT_EQ(RunInfo(context, kFile).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("state:       enabled"));
}

TEST_F(InfoTest, ReadsALoadedPatch) {
  kernel.AddPatch(kName);
  EXPECT_EQ(RunInfo(context, kName).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("do_open"));
}

TEST_F(InfoTest, ReadsStatesAndCallbacksOfALoadedPatch) {
  FakePatch& patch = kernel.AddPatch(kName);
  patch.files["states/7/name"] = "sockets\n";
  patch.files["states/7/version"] = "2\n";
  patch.files["states/7/block_disable"] = "1\n";
  patch.files["states/7/is_shadow"] = "0\n";
  patch.files["states/7/callbacks"] = "pre_patch\n";
  EXPECT_EQ(RunInfo(context, kName).value(), 0);
  EXPECT_THAT(out.str(),
              HasSubstr("7      sockets  2        block_disable  pre_patch\n"));
  EXPECT_THAT(out.str(), HasSubstr("vmlinux  yes      pre_patch,post_unpatch"));
}

TEST_F(InfoTest, JoinsALoadedPatchWithItsInstalledFile) {
  Install();
  kernel.AddPatch(kName);
  kernel.files[kNote] = BuildNote();
  EXPECT_EQ(RunInfo(context, kName).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("extra/test-fix.ko\n"));
  EXPECT_THAT(out.str(), HasSubstr("state:       enabled\n"));
  EXPECT_THAT(out.str(), HasSubstr("REPLACEMENT  NEWEST"));
  EXPECT_EQ(err.str(), "");
}

TEST_F(InfoTest, LeavesOutAnInstalledFileOfAnotherBuild) {
  Install();
  kernel.AddPatch(kName);
  kernel.files[kNote] = "another";
  EXPECT_EQ(RunInfo(context, kName).value(), 0);
  EXPECT_THAT(out.str(), testing::Not(HasSubstr("REPLACEMENT")));
  EXPECT_THAT(err.str(), HasSubstr("is not what was loaded"));
}

TEST_F(InfoTest, ReadsAnInstalledFileThatIsNotLoaded) {
  Install();
  EXPECT_EQ(RunInfo(context, "test-fix").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("extra/test-fix.ko\n"));
}

TEST_F(InfoTest, SaysWhichModulesAreLoaded) {
  EXPECT_EQ(RunInfo(context, kFile).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("other    no      pre_patch"));
  kernel.files["/sys/module/other/initstate"] = "live\n";
  EXPECT_EQ(RunInfo(context, kFile).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("other    yes     pre_patch"));
}

TEST_F(InfoTest, SaysThatAnotherBuildIsLoaded) {
  kernel.AddPatch(kName);
  kernel.files[kNote] = "another";
  EXPECT_EQ(RunInfo(context, kFile).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("differs from the file"));
}

TEST_F(InfoTest, RefusesAMissingPatch) {
  EXPECT_EQ(KindOf(RunInfo(context, "none").status()), ErrorKind::kNoSuchPatch);
  EXPECT_EQ(KindOf(RunInfo(context, "none.ko").status()),
            ErrorKind::kNoSuchPatch);
}

TEST_F(InfoTest, RefusesWhatIsNotAModule) {
  kernel.files[kFile] = "no";
  EXPECT_EQ(KindOf(RunInfo(context, kFile).status()), ErrorKind::kNotAModule);
}

}  // namespace
}  // namespace klpx
