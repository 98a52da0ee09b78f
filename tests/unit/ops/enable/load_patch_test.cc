// SPDX-License-Identifier: GPL-2.0
// Brings a checked patch into the kernel.
#include "controller/ops/enable/load_patch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LoadPatchTest : public testing::Test, protected CommandTest {
 protected:
  LoadPatchTest() {
    context.recorder.path = temp_.path() + "/history.db";
    context.ownership.file = temp_.path() + "/owner.lock";
  }

  absl::Status Load(bool waits = true) {
    const Supervisor supervisor = context.supervisor();
    const std::string& bytes = kernel.files[kFile];
    const PatchFile file = ParsePatchFile(bytes).value();
    return LoadPatch({context.machine, supervisor, context.boot, warnings_},
                     {kFile, bytes, file,
                      /*findings=*/{},
                      /*engine_file=*/{"", context.program_dir}, waits,
                      /*mark_required=*/false,
                      /*locked=*/true});
  }

  std::vector<TransitionRecord> History() {
    auto store = HistoryStore::Open(context.recorder.path, Access::kReadOnly);
    return store.ok() ? store->Query({}).value()
                      : std::vector<TransitionRecord>();
  }

  const TempDirectory temp_;
  Warnings warnings_{context.console};
};

TEST_F(LoadPatchTest, LoadsTheEngineFirst) {
  EXPECT_TRUE(Load().ok());
  EXPECT_THAT(kernel.modules, ElementsAre("klpx", kName));
  EXPECT_EQ(observer.attached, 1);
  EXPECT_THAT(warnings_.lines(), IsEmpty());
}

TEST_F(LoadPatchTest, OwnsTheTransitionThatItWaitsFor) {
  EXPECT_TRUE(Load().ok());
  EXPECT_TRUE(Owns(context.ownership));
}

TEST_F(LoadPatchTest, DoesNotOwnWhatItDoesNotWaitFor) {
  EXPECT_TRUE(Load(/*waits=*/false).ok());
  EXPECT_FALSE(Owns(context.ownership));
}

TEST_F(LoadPatchTest, ARefusalLeavesNothingBehind) {
  kernel.patch_errno = EINVAL;
  const absl::Status status = Load();
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("'test_fix.ko': enable refused"));
  EXPECT_THAT(kernel.modules, IsEmpty());
  EXPECT_TRUE(observer.unpinned);
  EXPECT_THAT(History(), IsEmpty());
}

TEST_F(LoadPatchTest, AnEngineThatCannotBeLoadedIsNoFaultOfThePatch) {
  kernel.load_errno = EPERM;
  const absl::Status status = Load();
  EXPECT_EQ(KindOf(status), ErrorKind::kNoEngine);
  EXPECT_EQ(std::string(status.message()).find("enable refused"),
            std::string::npos);
}

TEST_F(LoadPatchTest, CollectsItsWarnings) {
  observer.refusal = MakeError(ErrorKind::kBpfRefused, "no BPF here");
  EXPECT_TRUE(Load().ok());
  EXPECT_THAT(warnings_.lines(), ElementsAre(HasSubstr("no BPF here")));
}

TEST_F(LoadPatchTest, EnablesAPatchAgainThatIsBeingDisabled) {
  FakePatch& patch = kernel.AddPatch(kName);
  patch.enabled = false;
  patch.transition = true;
  patch.started = kernel.now;
  EXPECT_TRUE(ReverseDisable(kernel, context.recorder, kName).ok());
  EXPECT_THAT(kernel.writes, ElementsAre("test_fix/enabled=1"));
  kernel.write_errno = EPERM;
  EXPECT_THAT(
      std::string(ReverseDisable(kernel, context.recorder, kName).message()),
      HasSubstr("'test_fix': enable refused"));
}

}  // namespace
}  // namespace klpx
