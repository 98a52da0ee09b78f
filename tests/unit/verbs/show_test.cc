// SPDX-License-Identifier: GPL-2.0
// list, status and check.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class ShowTest : public testing::Test, protected CommandTest {
 protected:
  void AddInTransition() {
    kernel.transition_time = absl::InfiniteDuration();
    FakePatch& patch = kernel.AddPatch(kName);
    patch.transition = true;
    patch.started = kernel.now;
  }
};

TEST_F(ShowTest, ListsNothingWithoutAnEngine) {
  EXPECT_EQ(RunList(context, {}).value(), 0);
  EXPECT_EQ(out.str(), "no patches\n");
}

TEST_F(ShowTest, ListsPatchesAndModulesLeftOver) {
  kernel.AddPatch(kName);
  kernel.modules.push_back("old_fix");
  kernel.root = false;
  EXPECT_EQ(RunList(context, {}).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("test_fix  enabled"));
  EXPECT_THAT(out.str(), HasSubstr("old_fix   disabled"));
}

TEST_F(ShowTest, ListsFunctionsAndTheirOwners) {
  kernel.AddPatch(kName);
  kernel.AddPatch("b_fix").order = 2;
  EXPECT_EQ(RunList(context, {.functions = true}).value(), 0);
  EXPECT_THAT(out.str(),
              HasSubstr("do_open   1       b_fix  enabled  test_fix"));
}

TEST_F(ShowTest, StatusShowsReplacedAndPendingPatches) {
  AddInTransition();
  kernel.patches[kName].replace = true;
  kernel.patches[kName].order = 2;
  kernel.AddPatch("old_fix");
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(),
              HasSubstr("in transition: test_fix, enabling, replaces old_fix"));
  out.str("");
  EXPECT_EQ(RunStatus(context, "old_fix").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("waits:     replaced by test_fix"));
}

TEST_F(ShowTest, CheckIsZeroWhenSettled) {
  kernel.AddPatch(kName);
  EXPECT_EQ(RunCheck(context).value(), 0);
  EXPECT_EQ(out.str(), "settled\n");
}

TEST_F(ShowTest, CheckIsOneInATransition) {
  AddInTransition();
  EXPECT_EQ(RunCheck(context).value(), 1);
  EXPECT_EQ(out.str(), "in progress: test_fix is enabling\n");
}

TEST_F(ShowTest, StatusSumsUpWhatBlocks) {
  AddInTransition();
  observer.AddTask(42, "reader");
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("1 on-function"));
}

TEST_F(ShowTest, StatusShowsAModuleThatStaysUntilReboot) {
  kernel.modules = {"klpx", "old_fix"};
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("unload old_fix"));
  kernel.files["/sys/module/old_fix/refcnt"] = "1\n";
  out.str("");
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("stays until reboot"));
  EXPECT_THAT(out.str(), testing::Not(HasSubstr("unload")));
}

TEST_F(ShowTest, StatusShowsLossesOfAnAttachedObserver) {
  context.console.style.json = true;
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("\"observer\": null"));
  kernel.files[KLPX_PIN_TASK_STATE] = "";
  out.str("");
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("\"events_lost\": 0"));
}

TEST_F(ShowTest, StatusNeedsNoRoot) {
  AddInTransition();
  kernel.root = false;
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("needs root"));
}

TEST_F(ShowTest, StatusOfOnePatchLeavesOutTheOthers) {
  kernel.AddPatch(kName);
  kernel.AddPatch("other").order = 0;
  EXPECT_EQ(RunStatus(context, "test-fix").value(), 0);
  EXPECT_THAT(out.str(), testing::Not(HasSubstr("other")));
}

TEST_F(ShowTest, StatusRefusesAnUnknownPatch) {
  EXPECT_EQ(KindOf(RunStatus(context, "none").status()),
            ErrorKind::kNoSuchPatch);
}

TEST_F(ShowTest, StatusSaysWhetherAModuleCanBeUnloaded) {
  kernel.modules.push_back("old_fix");
  kernel.files["/sys/module/old_fix/refcnt"] = "0\n";
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("can be unloaded: old_fix"));
  out.str("");
  kernel.permanent = {"old_fix"};
  EXPECT_EQ(RunStatus(context, "").value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("stay loaded (no module_exit()): old_fix"));
}

}  // namespace
}  // namespace klpx
