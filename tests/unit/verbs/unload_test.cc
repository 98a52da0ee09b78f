// SPDX-License-Identifier: GPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class UnloadTest : public testing::Test, protected CommandTest {
 protected:
  absl::StatusOr<int> Unload(const std::string& patch) {
    DisableOptions options;
    options.patch = patch;
    return RunUnload(context, options);
  }
};

TEST_F(UnloadTest, DisablesAndRemoves) {
  kernel.AddPatch(kName);
  EXPECT_EQ(Unload(kName).value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre("klpx"));
  EXPECT_THAT(out.str(), HasSubstr("module removed"));
}

TEST_F(UnloadTest, RemovesADisabledPatch) {
  kernel.modules = {"klpx", kName};
  EXPECT_EQ(Unload(kName).value(), 0);
  EXPECT_THAT(kernel.modules, ElementsAre("klpx"));
}

TEST_F(UnloadTest, AnExistingFileCanBeUnloadedAgain) {
  EXPECT_EQ(Unload(kFile).value(), 0);
  EXPECT_THAT(out.str(), HasSubstr("not loaded"));
}

TEST_F(UnloadTest, AnUnknownNameIsAnError) {
  EXPECT_EQ(KindOf(Unload("nosuch").status()), ErrorKind::kNoSuchPatch);
}

TEST_F(UnloadTest, LeavesOtherModulesAlone) {
  kernel.files["/sys/module/ext4/initstate"] = "live\n";
  EXPECT_EQ(KindOf(Unload("ext4").status()), ErrorKind::kNotAPatch);
}

TEST_F(UnloadTest, SaysThatAModuleIsInUse) {
  kernel.modules = {"klpx", kName};
  kernel.unload_errno = EWOULDBLOCK;
  EXPECT_EQ(KindOf(Unload(kName).status()), ErrorKind::kModulePinned);
}

TEST_F(UnloadTest, SaysThatAForcedPatchStays) {
  kernel.AddPatch(kName).forced = true;
  EXPECT_EQ(KindOf(Unload(kName).status()), ErrorKind::kModulePinned);
  EXPECT_FALSE(kernel.patches.contains(kName));
}

TEST_F(UnloadTest, APatchWithoutModuleExitIsRefusedBeforeItIsDisabled) {
  kernel.AddPatch(kName);
  kernel.modules = {"klpx", kName};
  kernel.permanent = {kName};
  const absl::Status status = Unload(kName).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kModulePinned);
  EXPECT_THAT(std::string(status.message()), HasSubstr("no module_exit()"));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(UnloadTest, ATimeoutIsNoRefusal) {
  kernel.AddPatch(kName);
  kernel.transition_time = absl::InfiniteDuration();
  DisableOptions options;
  options.patch = kName;
  options.wait.timeout = absl::Seconds(1);
  const absl::Status status = RunUnload(context, options).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kStillRunning);
  EXPECT_THAT(std::string(status.message()),
              StartsWith("'test_fix': still unpatching"));
}

TEST_F(UnloadTest, ARefusalNamesThePatchOnce) {
  kernel.AddPatch(kName);
  kernel.write_errno = EBUSY;
  const std::string message(Unload(kName).status().message());
  EXPECT_THAT(message, StartsWith("'test_fix': unload refused: "));
  EXPECT_EQ(message.find("'test_fix'"), message.rfind("'test_fix'"));
}

TEST_F(UnloadTest, RemovesTheEngineAndItsPins) {
  kernel.modules = {"klpx"};
  EXPECT_EQ(Unload("klpx").value(), 0);
  EXPECT_TRUE(observer.unpinned);
  EXPECT_THAT(kernel.modules, IsEmpty());
}

// Not in use by anything that can be seen: a patch that was forced, say.
TEST_F(UnloadTest, AnEngineThatStaysGoesOnAdopting) {
  kernel.modules = {"klpx"};
  kernel.adopt = true;
  kernel.unload_errno = EWOULDBLOCK;
  EXPECT_FALSE(Unload("klpx").ok());
  EXPECT_EQ(kernel.adopt, true);
}

TEST_F(UnloadTest, KeepsTheEngineWhileThereArePatches) {
  kernel.modules = {"klpx", kName};
  EXPECT_EQ(KindOf(Unload("klpx").status()), ErrorKind::kRefused);
  EXPECT_FALSE(observer.unpinned);
}

TEST_F(UnloadTest, RefusesUnlessRoot) {
  kernel.root = false;
  EXPECT_EQ(KindOf(Unload(kName).status()), ErrorKind::kNotPermitted);
}

}  // namespace
}  // namespace klpx
