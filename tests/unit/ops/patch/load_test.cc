// SPDX-License-Identifier: GPL-2.0
// The kernel gets the bytes that were checked, the boot store keeps the bytes
// that were loaded, and two concurrent loads do not undo each other's
// preparation.
#include "controller/ops/patch/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "controller/core/base/error.h"
#include "controller/core/base/sha256.h"
#include "controller/core/patch/patch_file.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/sys/proc/sysfs.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kEngine[] = "/opt/klpx/bin/../klpx.ko";
constexpr char kState[] = "/sys/module/klpx/initstate";

class LoadTest : public testing::Test, protected CommandTest {
 protected:
  LoadTest() {
    context.boot.run_dir = dir_ + "/run";
    context.boot.state_dir = dir_ + "/state";
    options_.patch = kFile;
    bytes_ = kernel.files[kFile];
    kernel.files["/sys/module/test_fix/notes/.note.gnu.build-id"] =
        ParsePatchFile(bytes_)->build_id;
  }

  absl::StatusOr<int> Enable() { return RunEnable(context, options_); }

  // A file with the same name and build id; only one byte of its text differs.
  std::string Changed() const {
    std::string changed = bytes_;
    changed.back() ^= 1;
    return changed;
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  std::string bytes_;
  EnableOptions options_;
};

TEST_F(LoadTest, LoadsTheCheckedBytesEvenIfTheFileChanges) {
  int reads = 0;
  kernel.on_module_read = [&](const std::string& path) {
    if (path != kFile) return;
    reads++;
    kernel.files[kFile] = Changed();
  };
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_EQ(kernel.loaded[kFile], bytes_);
  EXPECT_EQ(reads, 1);
  EXPECT_EQ(LoadedDigest(context.boot, kName), Sha256(bytes_));
}

TEST_F(LoadTest, DoesNotReadPassedBytesAgain) {
  options_.bytes = bytes_;
  kernel.files[kFile] = Changed();
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_EQ(kernel.loaded[kFile], bytes_);
}

TEST_F(LoadTest, AcceptTakesWhatWasLoaded) {
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_EQ(RunAccept(context, kName, {}).value(), 0);
  EXPECT_EQ(RunAccept(context, kFile, {}).value(), 0);
}

TEST_F(LoadTest, AcceptRefusesAnotherFileOfTheSameNameAndBuildId) {
  EXPECT_EQ(Enable().value(), 0);
  kernel.files[kFile] = Changed();
  for (const char* what : {kName, kFile}) {
    const absl::Status status = RunAccept(context, what, {}).status();
    EXPECT_EQ(KindOf(status), ErrorKind::kRefused) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("SHA-256"));
  }
}

TEST_F(LoadTest, APassedHealthCheckAcceptsNoOtherFile) {
  EXPECT_EQ(Enable().value(), 0);
  kernel.files[kFile] = Changed();
  AcceptPassed(context.boot, kName);
  EXPECT_THAT(err.str(), HasSubstr("not accepted: /patches/test_fix.ko"));
  EXPECT_FALSE(std::filesystem::exists(context.boot.state_dir + "/accepted"));
}

// Loaded by insmod: there is no digest, and the build id is part of the file.
TEST_F(LoadTest, AcceptOfAForeignLoadNeedsAFileThatOnlyRootCanWrite) {
  kernel.AddPatch(kName);
  kernel.untrusted.insert(kFile);
  const absl::Status status = RunAccept(context, kFile, {}).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("by users other than root"));
  kernel.untrusted.clear();
  EXPECT_EQ(RunAccept(context, kFile, {}).value(), 0);
}

// Older versions kept no digest.
TEST_F(LoadTest, ANoteOfAnOlderVersionIsAPath) {
  std::filesystem::create_directories(context.boot.run_dir + "/loaded");
  std::ofstream(context.boot.run_dir + "/loaded/test_fix")
      << "/a b/test_fix.ko";
  EXPECT_EQ(LoadedFrom(context.boot, kName), "/a b/test_fix.ko");
  EXPECT_EQ(LoadedDigest(context.boot, kName), "");
}

TEST_F(LoadTest, AnAcceptedFileMustMatchItsDigest) {
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_EQ(RunAccept(context, kName, {}).value(), 0);
  const std::string store = context.boot.state_dir + "/accepted/6.12.0-test";
  kernel.files[store + "/list.json"] = "";  // it exists
  const AcceptedList list = ReadAccepted(context.boot).value();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].sha256, Sha256(bytes_));
  EXPECT_EQ(ReadAcceptedFile(context.boot, list[0])->bytes, bytes_);
  AcceptedPatch other = list[0];
  other.sha256 = Sha256("");
  EXPECT_EQ(KindOf(ReadAcceptedFile(context.boot, other).status()),
            ErrorKind::kRefused);
}

TEST_F(LoadTest, OneProcessLoadsAtATime) {
  auto other = FileLock::Try(context.boot.run_dir + "/load.lock", "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  const absl::Status status = Enable().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("(enable) has been"));
  EXPECT_THAT(kernel.modules, IsEmpty());
  DisableOptions engine;
  engine.patch = "klpx";
  EXPECT_EQ(KindOf(RunUnload(context, engine).status()), ErrorKind::kRefused);
}

TEST_F(LoadTest, TheNextProcessLoadsWhenTheFirstIsDone) {
  auto other = FileLock::Try(context.boot.run_dir + "/load.lock", "enable");
  ASSERT_TRUE(other.ok() && other->has_value());
  kernel.on_sleep = [&] { other->reset(); };
  EXPECT_EQ(Enable().value(), 0);
}

TEST_F(LoadTest, TheLockIsNotHeldWhileTheTransitionRuns) {
  kernel.on_sleep = [&] {
    const auto mine =
        FileLock::Try(context.boot.run_dir + "/load.lock", "test");
    EXPECT_TRUE(mine.ok() && mine->has_value());
  };
  EXPECT_EQ(Enable().value(), 0);
}

// Another enable may already rely on the engine and the observer.
TEST_F(LoadTest, ARefusedPatchLeavesALoadedEngineAlone) {
  kernel.modules = {"klpx"};
  kernel.patch_errno = EIO;
  EXPECT_FALSE(Enable().ok());
  EXPECT_FALSE(observer.unpinned);
  EXPECT_THAT(kernel.modules, ElementsAre("klpx"));
}

TEST_F(LoadTest, UndoesNothingWithoutTheLock) {
  std::ofstream(dir_ + "/run") << "no directory";
  kernel.patch_errno = EIO;
  EXPECT_FALSE(Enable().ok());
  EXPECT_FALSE(observer.unpinned);
  EXPECT_THAT(kernel.modules, ElementsAre("klpx"));
}

TEST_F(LoadTest, WaitsForAnEngineThatIsBeingLoaded) {
  kernel.files[kState] = "coming\n";
  kernel.on_sleep = [&] {
    if (kernel.files.erase(kState) > 0) kernel.modules = {"klpx"};
  };
  EXPECT_EQ(Enable().value(), 0);
}

TEST_F(LoadTest, ReloadsAnEngineThatIsBeingRemoved) {
  kernel.files[kState] = "going\n";
  kernel.on_sleep = [&] { kernel.files.erase(kState); };
  EXPECT_EQ(Enable().value(), 0);
  EXPECT_TRUE(kernel.loaded.contains(kEngine));
}

TEST_F(LoadTest, ReportsAnEngineThatNeverFinishesLoading) {
  kernel.files[kState] = "coming\n";
  const absl::Status status = Enable().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kNoEngine);
  EXPECT_THAT(std::string(status.message()), HasSubstr("has been coming for"));
}

// The directory beside the program, in /usr/local, may be writable by a group.
TEST_F(LoadTest, LoadsAnEngineThatOthersCanWriteOnlyByName) {
  kernel.untrusted.insert(kEngine);
  const absl::Status status = Enable().status();
  EXPECT_EQ(KindOf(status), ErrorKind::kNoEngine) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("--klpx-module"));
  options_.klpx_module = kEngine;
  EXPECT_EQ(Enable().value(), 0);
}

}  // namespace
}  // namespace klpx
