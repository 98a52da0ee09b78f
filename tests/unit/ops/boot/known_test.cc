// SPDX-License-Identifier: GPL-2.0
// A name that is not loaded: gone, or mistyped?
#include "controller/ops/boot/known.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/sha256.h"
#include "controller/core/patch/patch_file.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/history/record.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class KnownTest : public testing::Test, protected CommandTest {
 protected:
  KnownTest() {
    context.boot.run_dir = dir_ + "/run";
    context.boot.state_dir = dir_ + "/state";
    context.recorder.path = dir_ + "/history.db";
  }
  bool IsKnown(const std::string& argument) {
    return CheckKnown(context.boot, context.recorder, argument).ok();
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
};

TEST_F(KnownTest, ANameThatNothingKnowsIsAnError) {
  EXPECT_EQ(KindOf(CheckKnown(context.boot, context.recorder, "mistyped")),
            ErrorKind::kNoSuchPatch);
  EXPECT_EQ(KindOf(CheckKnown(context.boot, context.recorder, "/no/such.ko")),
            ErrorKind::kNoSuchPatch);
}

TEST_F(KnownTest, TheEngineIsAlwaysKnown) { EXPECT_TRUE(IsKnown("klpx")); }

TEST_F(KnownTest, WhatIsLoadedIs) {
  kernel.AddPatch(kName);
  EXPECT_TRUE(IsKnown(kName));
  kernel.patches.clear();
  EXPECT_TRUE(IsKnown(kName));
}

// As modprobe(8) has it.
TEST_F(KnownTest, DashesAreUnderscores) {
  kernel.AddPatch(kName);
  EXPECT_TRUE(IsKnown("test-fix"));
}

TEST_F(KnownTest, AFileThatIsThereIs) { EXPECT_TRUE(IsKnown(kFile)); }

TEST_F(KnownTest, WhatTheHistoryHasIs) {
  kernel.modules = {KLPX_MODULE_NAME};
  kernel.recent.push_back({1000, 2000, "old_fix", false, 0, 10});
  RecordEnd(context.recorder);
  EXPECT_TRUE(IsKnown("old_fix"));
  EXPECT_FALSE(IsKnown("old_fi"));
}

TEST_F(KnownTest, WhatWasLoadedInThisBootIs) {
  NoteLoadedFrom(context.boot, "old_fix", "/a.ko", Sha256("abc"));
  EXPECT_TRUE(IsKnown("old_fix"));
}

TEST_F(KnownTest, WhatIsAcceptedIs) {
  AcceptedPatch patch;
  patch.name = "old_fix";
  patch.engine = "klpx";
  patch.from = "/a.ko";
  ASSERT_TRUE(AddAccepted(context.boot, patch, "").ok());
  kernel.files[context.boot.state_dir + "/accepted/6.12.0-test/list.json"] = "";
  EXPECT_TRUE(IsKnown("old_fix"));
}

TEST_F(KnownTest, APatchThatIsNotLoadedCannotBeEnabledAgainByName) {
  NoteLoadedFrom(context.boot, kName, kFile, Sha256("abc"));
  const absl::Status status = FileToEnableAgain(context.boot, kName).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kNoSuchPatch);
  EXPECT_THAT(std::string(status.message()), HasSubstr(kFile));
}

TEST_F(KnownTest, ADisabledPatchIsEnabledAgainFromTheFileOfItsBuild) {
  kernel.modules = {KLPX_MODULE_NAME, kName};
  NoteLoadedFrom(context.boot, kName, kFile, Sha256("abc"));
  EXPECT_EQ(KindOf(FileToEnableAgain(context.boot, kName).status()),
            ErrorKind::kNoSuchPatch);
  kernel.files["/sys/module/test_fix/notes/.note.gnu.build-id"] =
      ParsePatchFile(kernel.files[kFile])->build_id;
  EXPECT_EQ(FileToEnableAgain(context.boot, kName).value(), kFile);
}

TEST_F(KnownTest, AMachineThatKeepsNothingKnowsWhatIsLoaded) {
  context.boot.run_dir = context.boot.state_dir = context.recorder.path = "";
  EXPECT_FALSE(IsKnown("old_fix"));
  kernel.AddPatch("old_fix");
  EXPECT_TRUE(IsKnown("old_fix"));
}

}  // namespace
}  // namespace klpx
