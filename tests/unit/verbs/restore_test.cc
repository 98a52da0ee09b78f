// SPDX-License-Identifier: GPL-2.0
// What is accepted is loaded at boot, unless something speaks against it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "controller/core/base/error.h"
#include "controller/core/base/json.h"
#include "controller/core/base/sha256.h"
#include "controller/core/patch/fnv1a.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/verbs/verbs.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/data/test_files.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

class RestoreTest : public testing::Test, protected CommandTest {
 protected:
  RestoreTest() {
    context.boot.state_dir = dir_ + "/state";
    context.boot.run_dir = dir_ + "/run";
    context.console.style.json = true;
    AcceptedPatch patch;
    const std::string& bytes = kernel.files[kFile];
    patch.name = kName;
    patch.engine = "klpx";
    patch.size = bytes.size();
    patch.fingerprint = Fnv1a(bytes);
    patch.sha256 = Sha256(bytes);
    patch.from = kFile;
    AddToStore(patch, bytes);
  }

  void AddToStore(const AcceptedPatch& patch, const std::string& bytes) {
    EXPECT_TRUE(AddAccepted(context.boot, patch, bytes).ok());
    store_ = context.boot.state_dir + "/accepted/6.12.0-test";
    kernel.files[store_ + "/list.json"] = "";
  }

  // A patch made for the kernel's own engine, accepted on this one.
  void AcceptForeign(const std::string& engine) {
    const std::string bytes = ReadTestFile(TEST_MODULE_KERNEL);
    AcceptedPatch patch;
    patch.name = kName;
    patch.engine = engine;
    patch.size = bytes.size();
    patch.fingerprint = Fnv1a(bytes);
    patch.sha256 = Sha256(bytes);
    AddToStore(patch, bytes);
    kernel.modules = {KLPX_MODULE_NAME};
    kernel.files["/sys/kernel/livepatch"] = "";
    kernel.load_engine = Engine::kKernel;
  }

  absl::StatusOr<int> Restore() {
    out.str("");
    return RunRestore(context, absl::InfiniteDuration(), options_);
  }

  // The result in the only row.
  std::string Result() {
    const Json json = Json::parse(out.str(), nullptr, false);
    if (!json.contains("patches") || json["patches"].size() != 1) return "";
    return json["patches"][0]["result"].get<std::string>();
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  std::string store_;
  RestoreOptions options_;
};

// The kernel that is played names a patch by its file, so that it does not see
// that this one is enabled.
TEST_F(RestoreTest, LoadsTheBytesThatWereAccepted) {
  Restore().status().IgnoreError();
  int found = 0;
  for (const auto& [path, bytes] : kernel.loaded) {
    if (!path.starts_with(store_)) continue;
    EXPECT_EQ(bytes, kernel.files[kFile]);
    found++;
  }
  EXPECT_EQ(found, 1);
}

TEST_F(RestoreTest, AnAdoptedPatchComesBackOnKlpx) {
  AcceptForeign("klpx");
  kernel.adopt = false;
  Restore().status().IgnoreError();
  EXPECT_THAT(kernel.writes, Contains("engine_for=test_fix klpx"));
}

TEST_F(RestoreTest, APatchOfTheKernelsEngineComesBackThere) {
  AcceptForeign("kernel");
  kernel.adopt = true;
  Restore().status().IgnoreError();
  EXPECT_THAT(kernel.writes, Contains("engine_for=test_fix kernel"));
}

// The list may be of a later version.
TEST_F(RestoreTest, AnEngineThatIsNotKnownIsLeftToTheSetting) {
  AcceptForeign("third");
  kernel.adopt = true;
  Restore().status().IgnoreError();
  EXPECT_THAT(kernel.loaded, Not(IsEmpty()));
  EXPECT_THAT(kernel.writes, IsEmpty());
}

TEST_F(RestoreTest, WhatIsInAlreadyIsNotLoadedAgain) {
  kernel.AddPatch(kName);
  EXPECT_EQ(Restore().value(), 0);
  EXPECT_EQ(Result(), "unchanged");
  EXPECT_THAT(kernel.loaded, IsEmpty());
}

TEST_F(RestoreTest, AFileThatWasChangedIsNotLoaded) {
  for (const auto& file : std::filesystem::directory_iterator(store_)) {
    if (file.path().extension() == ".ko") std::ofstream(file.path()) << "x";
  }
  EXPECT_NE(Restore().value(), 0);
  EXPECT_EQ(Result(), "skipped");
  EXPECT_THAT(kernel.patches, IsEmpty());
}

// It was being tried when the machine went down.
TEST_F(RestoreTest, APatchThatTookTheMachineDownIsKeptOut) {
  const std::string mark = context.boot.state_dir + "/attempts/test_fix";
  std::filesystem::create_directory(context.boot.state_dir + "/attempts");
  std::ofstream(mark) << "whatever";
  kernel.files[mark] = "";
  EXPECT_NE(Restore().value(), 0);
  EXPECT_EQ(Result(), "skipped");
  EXPECT_THAT(kernel.patches, IsEmpty());
}

TEST_F(RestoreTest, IsSwitchedOffOnTheKernelCommandLine) {
  kernel.files["/proc/cmdline"] = "ro quiet klpx.restore=0\n";
  EXPECT_EQ(Restore().value(), 0);
  EXPECT_THAT(kernel.patches, IsEmpty());
}

TEST_F(RestoreTest, SettlingLoadsNothing) {
  options_.settle = true;
  EXPECT_EQ(Restore().value(), 0);
  EXPECT_THAT(kernel.patches, IsEmpty());
}

TEST_F(RestoreTest, WhatIsNotAcceptedCannotBeTriedAgain) {
  options_.retry = "other";
  EXPECT_EQ(KindOf(Restore().status()), ErrorKind::kNoSuchPatch);
}

TEST_F(RestoreTest, IsForRootOnly) {
  kernel.root = false;
  EXPECT_EQ(KindOf(Restore().status()), ErrorKind::kNotPermitted);
}

}  // namespace
}  // namespace klpx
