// SPDX-License-Identifier: GPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/error.h"
#include "tests/unit/commands/fake_kernel.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class InfoTest : public testing::Test, protected CommandTest {};

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

TEST_F(InfoTest, RefusesWhatIsNotThere) {
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
