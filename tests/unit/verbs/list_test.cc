// SPDX-License-Identifier: GPL-2.0
// All patches, or the functions they replace.
#include <gtest/gtest.h>

#include "controller/core/base/json.h"
#include "controller/verbs/verbs.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

class ListTest : public testing::Test, protected CommandTest {
 protected:
  Json List() {
    context.console.style.json = true;
    EXPECT_EQ(RunList(context, {}).value(), 0);
    Json json = Json::parse(out.str(), nullptr, false);
    EXPECT_TRUE(json.is_object()) << out.str();
    return json;
  }
};

TEST_F(ListTest, WithoutPatchesTheListIsEmpty) {
  EXPECT_EQ(List()["patches"].size(), 0u);
}

TEST_F(ListTest, PatchesComeInTheOrderOfTheStack) {
  kernel.AddPatch("b").order = 2;
  kernel.AddPatch("a").order = 1;
  kernel.AddPatch("theirs", Engine::kKernel);
  const Json patches = List()["patches"];
  ASSERT_EQ(patches.size(), 3u);
  EXPECT_EQ(patches[0]["name"], "a");
  EXPECT_EQ(patches[1]["name"], "b");
  EXPECT_EQ(patches[2]["name"], "theirs");
  EXPECT_EQ(patches[2]["engine"], "kernel");
}

TEST_F(ListTest, SaysWhereEachStands) {
  kernel.transition_time = absl::InfiniteDuration();
  FakePatch& patch = kernel.AddPatch(kName);
  patch.transition = true;
  patch.enabled = false;
  patch.started = kernel.now;
  kernel.modules.push_back("zz_old");
  const Json patches = List()["patches"];
  ASSERT_EQ(patches.size(), 2u);
  EXPECT_EQ(patches[0]["state"], "disabling");
  EXPECT_EQ(patches[1]["state"], "disabled");
}

TEST_F(ListTest, AFunctionIsARowOfItsOwnIfAsked) {
  kernel.AddPatch(kName);
  EXPECT_EQ(RunList(context, {.functions = true}).value(), 0);
  EXPECT_NE(out.str().find("do_open"), std::string::npos);
}

TEST_F(ListTest, NeedsNoRootAndTouchesNothing) {
  kernel.root = false;
  kernel.AddPatch(kName);
  EXPECT_EQ(List()["patches"].size(), 1u);
  EXPECT_TRUE(kernel.writes.empty());
}

}  // namespace
}  // namespace klpx
