// SPDX-License-Identifier: GPL-2.0
// Tells whether the tasks move to the side that `enabled` of a patch says.
#include "controller/sys/proc/patch_sides.h"

#include <gtest/gtest.h>

#include "tests/unit/sys/fake_kernel.h"

namespace klpx {
namespace {

class PatchSidesTest : public ::testing::Test {
 protected:
  void Task(const std::string& pid, const std::string& tid,
            const std::string& side) {
    kernel_.files["/proc/" + pid + "/task/" + tid + "/patch_state"] =
        side + "\n";
  }
  // `now`: the value of `enabled` after the tasks were read.
  bool UnderWay(bool enabled) { return UnderWay(enabled, enabled); }
  bool UnderWay(bool enabled, bool now) {
    kernel_.transition_time = absl::InfiniteDuration();
    FakePatch& patch = kernel_.AddPatch("fix", Engine::kKernel);
    patch.enabled = now;
    patch.transition = true;
    patch.pending = 1;
    return IsUnderWay(kernel_, {"fix", enabled, true});
  }

  FakeKernel kernel_;
};

TEST_F(PatchSidesTest, IsUnderWayIfNoTaskSaysItsSide) {
  EXPECT_TRUE(UnderWay(false));
}

TEST_F(PatchSidesTest, AllTasksAreOnTheOldSide) {
  Task("1", "1", "0");
  Task("20", "21", "0");
  EXPECT_FALSE(UnderWay(false));
  EXPECT_TRUE(UnderWay(true));
}

// A container cannot see the tasks outside, so it must not say that there are
// none.
TEST_F(PatchSidesTest, TasksOutsideTheNamespaceAreUnknown) {
  Task("1", "1", "0");
  Task("2", "2", "0");
  kernel_.files["/proc/2/stat"] = "2 (kthreadd) S 0 0 0 0 -1 2129984 0\n";
  EXPECT_FALSE(UnderWay(false));
  kernel_.files["/proc/2/stat"] = "2 (kthreadd) S 0 0 0 0 -1 4194560 0\n";
  EXPECT_TRUE(UnderWay(false));
  kernel_.files.erase("/proc/2/stat");
  kernel_.files["/proc/self/stat"] = "1 (sh) S 0 1 1 0 -1 4194560 0\n";
  EXPECT_TRUE(UnderWay(false));
}

TEST_F(PatchSidesTest, OneThreadHasNotSwitched) {
  Task("1", "1", "1");
  Task("20", "20", "1");
  Task("20", "21", "0");
  EXPECT_TRUE(UnderWay(true));
  EXPECT_TRUE(UnderWay(false));
}

TEST_F(PatchSidesTest, ThePatchChangedMeanwhile) {
  Task("1", "1", "1");
  EXPECT_TRUE(UnderWay(false, false));
  EXPECT_FALSE(UnderWay(false, true));
}

TEST_F(PatchSidesTest, TasksAreInNoTransition) {
  Task("1", "1", "-1");
  EXPECT_FALSE(UnderWay(false));
}

TEST_F(PatchSidesTest, AllTasksHaveSwitched) {
  Task("1", "1", "1");
  EXPECT_TRUE(UnderWay(true));
  EXPECT_FALSE(UnderWay(true, false));
}

}  // namespace
}  // namespace klpx
