// SPDX-License-Identifier: GPL-2.0
// Patches that have had tasks forced in this boot are marked.
#include "controller/ops/history/forced.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "controller/ops/history/record.h"
#include "controller/sys/proc/sysfs.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ForcedTest : public testing::Test, protected CommandTest {
 protected:
  ForcedTest() {
    context.recorder.path = dir_ + "/history.db";
    kernel.AddPatch(kName);
  }
  // The patch was enabled, with so many tasks unchecked.
  void Went(uint64_t forced) {
    const int64_t now = absl::ToInt64Nanoseconds(kernel.now);
    kernel.recent.push_back({now, now + 1000, kName, true, 0, 10, 0, forced});
    RecordEnd(context.recorder);
  }

  std::vector<ForceMark> Marks() {
    std::vector<PatchState> patches = ReadPatches(kernel);
    MarkForced(context.recorder, patches);
    return patches.empty() ? std::vector<ForceMark>() : patches[0].forces;
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
};

TEST_F(ForcedTest, CountsTheTasksThatWereForced) {
  Went(3);
  ASSERT_THAT(Marks(), SizeIs(1));
  EXPECT_EQ(Marks()[0].tasks, 3u);
}

TEST_F(ForcedTest, APatchThatWentInByItselfHasNoMark) {
  Went(0);
  EXPECT_THAT(Marks(), IsEmpty());
}

TEST_F(ForcedTest, WithoutAHistoryNothingIsKnown) {
  EXPECT_THAT(Marks(), IsEmpty());
  EXPECT_EQ(err.str(), "");
  context.recorder.path = "";
  EXPECT_THAT(Marks(), IsEmpty());
}

TEST_F(ForcedTest, AHistoryThatCannotBeReadIsAWarning) {
  std::ofstream(context.recorder.path) << "this is no database at all, is it?";
  EXPECT_THAT(Marks(), IsEmpty());
  EXPECT_THAT(err.str(), HasSubstr(context.recorder.path));
}

TEST_F(ForcedTest, IsForRootWhoseTheHistoryIs) {
  Went(3);
  kernel.root = false;
  EXPECT_THAT(Marks(), IsEmpty());
  EXPECT_EQ(err.str(), "");
}

TEST_F(ForcedTest, WarnsOfThePatchThatIsAskedFor) {
  Went(3);
  const std::vector<std::string> warnings =
      ForceWarnings(context.recorder, kName);
  ASSERT_THAT(warnings, SizeIs(1));
  EXPECT_THAT(warnings[0], HasSubstr(kName));
  EXPECT_THAT(warnings[0], HasSubstr("3 tasks"));
  EXPECT_EQ(err.str(), "");
}

TEST_F(ForcedTest, HasNoWarningOfAPatchThatIsNotThere) {
  Went(3);
  EXPECT_THAT(ForceWarnings(context.recorder, "other"), IsEmpty());
  EXPECT_EQ(err.str(), "");
}

}  // namespace
}  // namespace klpx
