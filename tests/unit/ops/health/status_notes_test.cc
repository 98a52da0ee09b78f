// SPDX-License-Identifier: GPL-2.0
// What status says of a machine beside its patches.
#include "controller/ops/health/status_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "controller/ops/history/record.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StatusNotesTest : public testing::Test, protected CommandTest {
 protected:
  StatusNotesTest() {
    context.boot.state_dir = dir_;
    context.recorder.path = dir_ + "/history.db";
  }
  void SetPolicy(const std::string& text) {
    kernel.files["/etc/klpx/policy.toml"] = text;
  }

  // With a check of 30 s, two seconds ago.
  void GoneIn() {
    SetPolicy("[health]\nwatch = \"30s\"\n");
    const int64_t now = absl::ToInt64Nanoseconds(kernel.now);
    kernel.AddPatch(kName);
    kernel.recent.push_back({now - 1000, now, kName, true, 0, 10});
    kernel.now += absl::Seconds(2);
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
};

TEST_F(StatusNotesTest, AMachineThatIsWellHasNone) {
  EXPECT_THAT(
      StatusNotes(kernel, context.console, context.recorder, context.boot),
      IsEmpty());
}

TEST_F(StatusNotesTest, APolicyThatCannotBeUsedIsOne) {
  SetPolicy("[deadline\n");
  EXPECT_THAT(
      StatusNotes(kernel, context.console, context.recorder, context.boot),
      ElementsAre(AllOf(HasSubstr("/etc/klpx/policy.toml"),
                        HasSubstr("klp-controller policy check"))));
}

// Which may not read it.
TEST_F(StatusNotesTest, APolicyIsNoMistakeForAnotherThanRoot) {
  SetPolicy("[deadline\n");
  kernel.root = false;
  EXPECT_THAT(
      StatusNotes(kernel, context.console, context.recorder, context.boot),
      IsEmpty());
}

TEST_F(StatusNotesTest, AHealthCheckThatIsOpenIsOneWithTheTimeThatIsLeft) {
  GoneIn();
  EXPECT_THAT(
      StatusNotes(kernel, context.console, context.recorder, context.boot),
      ElementsAre(AllOf(HasSubstr(kName), HasSubstr("28"))));
}

TEST_F(StatusNotesTest, AHealthCheckThatHasFailedIsOneWithTheReason) {
  GoneIn();
  RecordStart(context.recorder, kName);
  RecordOnce(context.recorder, context.recorder.id, kGateFailing,
             "the moon is full");
  EXPECT_THAT(
      StatusNotes(kernel, context.console, context.recorder, context.boot),
      ElementsAre(AllOf(HasSubstr(kName), HasSubstr("the moon is full"))));
}

TEST_F(StatusNotesTest, AHealthCheckThatHasPassedIsNone) {
  GoneIn();
  RecordStart(context.recorder, kName);
  RecordOnce(context.recorder, context.recorder.id, kGatePassed, "");
  EXPECT_THAT(
      StatusNotes(kernel, context.console, context.recorder, context.boot),
      IsEmpty());
}

// A mark of an earlier boot, in which the machine went down.
TEST_F(StatusNotesTest, APatchThatIsKeptOutAtBootIsOne) {
  std::filesystem::create_directory(dir_ + "/attempts");
  std::ofstream(dir_ + "/attempts/old_fix") << "not even a mark";
  kernel.files[dir_ + "/attempts/old_fix"] = "";
  EXPECT_THAT(
      StatusNotes(kernel, context.console, context.recorder, context.boot),
      ElementsAre(HasSubstr("old_fix")));
}

}  // namespace
}  // namespace klpx
