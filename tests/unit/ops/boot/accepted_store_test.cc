// SPDX-License-Identifier: GPL-2.0
// The patches that are loaded at boot, in a state directory of the test's own.
#include "controller/ops/boot/accepted_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "controller/core/base/error.h"
#include "controller/core/base/sha256.h"
#include "controller/core/patch/fnv1a.h"
#include "controller/core/patch/patch_file.h"
#include "tests/unit/data/temp_directory.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AcceptedStoreTest : public testing::Test, protected CommandTest {
 protected:
  AcceptedStoreTest() {
    context.boot.state_dir = dir_ + "/state";
    context.boot.run_dir = dir_ + "/run";
    store_ = context.boot.state_dir + "/accepted/6.12.0-test";
  }
  static AcceptedPatch Patch(const std::string& name,
                             const std::string& bytes) {
    AcceptedPatch patch;
    patch.name = name;
    patch.engine = "klpx";
    patch.size = bytes.size();
    patch.fingerprint = Fnv1a(bytes);
    patch.sha256 = Sha256(bytes);
    patch.from = "/root/" + name + ".ko";
    return patch;
  }

  // What is in the store is there for the kernel that is played, too.
  void Refresh() {
    for (auto at = kernel.files.begin(); at != kernel.files.end();) {
      at = at->first.starts_with(store_) ? kernel.files.erase(at)
                                         : std::next(at);
    }
    if (!std::filesystem::exists(store_)) return;
    for (const auto& file : std::filesystem::directory_iterator(store_)) {
      kernel.files[file.path().string()] = "";
    }
  }

  std::vector<std::string> Add(const AcceptedPatch& patch,
                               const std::string& bytes) {
    const auto dropped = AddAccepted(context.boot, patch, bytes);
    EXPECT_TRUE(dropped.ok()) << dropped.status();
    Refresh();
    return dropped.value_or(std::vector<std::string>());
  }

  std::vector<std::string> Names() {
    const absl::StatusOr<AcceptedList> list = ReadAccepted(context.boot);
    EXPECT_TRUE(list.ok()) << list.status();
    std::vector<std::string> names;
    for (const AcceptedPatch& patch : list.value_or(AcceptedList())) {
      names.push_back(patch.name);
    }
    return names;
  }

  std::string FileOf(const AcceptedPatch& patch) {
    return ReadAcceptedFile(context.boot, patch)->path;
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  std::string store_;
};

TEST_F(AcceptedStoreTest, IsEmptyAtFirst) {
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_FALSE(IsAccepted(context.boot, "a"));
}

TEST_F(AcceptedStoreTest, GivesBackWhatWasPutIn) {
  Add(Patch("a", "abc"), "abc");
  EXPECT_THAT(Names(), ElementsAre("a"));
  EXPECT_TRUE(IsAccepted(context.boot, "a"));
  EXPECT_EQ(ReadAcceptedFile(context.boot, Patch("a", "abc"))->bytes, "abc");
}

TEST_F(AcceptedStoreTest, AnotherBuildTakesThePlaceAndTheFileOfTheFirst) {
  Add(Patch("a", "abc"), "abc");
  const std::string old = FileOf(Patch("a", "abc"));
  Add(Patch("a", "defg"), "defg");
  Add(Patch("b", "x"), "x");
  EXPECT_THAT(Names(), ElementsAre("a", "b"));
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_EQ(ReadAcceptedFile(context.boot, Patch("a", "defg"))->bytes, "defg");
}

TEST_F(AcceptedStoreTest, OneThatReplacesItsSetDropsTheOthers) {
  Add(Patch("a", "abc"), "abc");
  AcceptedPatch all = Patch("b", "x");
  all.replaces_set = 0;
  EXPECT_THAT(Add(all, "x"), ElementsAre("a"));
  EXPECT_THAT(Names(), ElementsAre("b"));
}

TEST_F(AcceptedStoreTest, IsTakenOutWithItsFile) {
  Add(Patch("a", "abc"), "abc");
  const std::string file = FileOf(Patch("a", "abc"));
  EXPECT_TRUE(RemoveAccepted(context.boot, "a").value());
  Refresh();
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(AcceptedStoreTest, WhatWasNotInCannotBeTakenOut) {
  Add(Patch("a", "abc"), "abc");
  EXPECT_FALSE(RemoveAccepted(context.boot, "b").value());
  EXPECT_THAT(Names(), ElementsAre("a"));
}

// A change was cut off.
TEST_F(AcceptedStoreTest, AFileThatNoListNamesGoesWithTheNextChange) {
  Add(Patch("a", "abc"), "abc");
  std::ofstream(store_ + "/half.0000000000000000.ko") << "half";
  Refresh();
  Add(Patch("b", "x"), "x");
  EXPECT_FALSE(std::filesystem::exists(store_ + "/half.0000000000000000.ko"));
  EXPECT_EQ(ReadAcceptedFile(context.boot, Patch("a", "abc"))->bytes, "abc");
}

TEST_F(AcceptedStoreTest, AFileOfTheSameSizeThatWasChangedIsRefused) {
  Add(Patch("a", "abc"), "abc");
  std::ofstream(FileOf(Patch("a", "abc"))) << "abd";
  EXPECT_EQ(KindOf(ReadAcceptedFile(context.boot, Patch("a", "abc")).status()),
            ErrorKind::kRefused);
}

TEST_F(AcceptedStoreTest, AFileThatWasCutOffIsRefused) {
  Add(Patch("a", "abc"), "abc");
  std::filesystem::resize_file(FileOf(Patch("a", "abc")), 0);
  EXPECT_EQ(KindOf(ReadAcceptedFile(context.boot, Patch("a", "abc")).status()),
            ErrorKind::kRefused);
}

// Its list has no digest; size and fingerprint tell.
TEST_F(AcceptedStoreTest, AFileOfAnOlderVersionIsTaken) {
  AcceptedPatch patch = Patch("a", "abc");
  patch.sha256.clear();
  Add(patch, "abc");
  EXPECT_EQ(ReadAcceptedFile(context.boot, patch)->bytes, "abc");
}

TEST_F(AcceptedStoreTest, AListThatIsNoneIsAnErrorThatNamesIt) {
  Add(Patch("a", "abc"), "abc");
  std::ofstream(store_ + "/list.json") << "{\"patches\": [";
  const absl::Status status = ReadAccepted(context.boot).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(std::string(status.message()), HasSubstr(store_ + "/list.json"));
  EXPECT_FALSE(IsAccepted(context.boot, "a"));
}

TEST_F(AcceptedStoreTest, ADamagedListIsNotWrittenOver) {
  Add(Patch("a", "abc"), "abc");
  std::ofstream(store_ + "/list.json") << "{";
  EXPECT_FALSE(AddAccepted(context.boot, Patch("b", "x"), "x").ok());
  std::ifstream list(store_ + "/list.json");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(list), {}), "{");
}

TEST_F(AcceptedStoreTest, ADirectoryThatOthersCanWriteIsRefused) {
  Add(Patch("a", "abc"), "abc");
  chmod(store_.c_str(), 0777);
  EXPECT_EQ(KindOf(ReadAccepted(context.boot).status()), ErrorKind::kRefused);
  EXPECT_EQ(KindOf(AddAccepted(context.boot, Patch("b", "x"), "x").status()),
            ErrorKind::kRefused);
}

TEST_F(AcceptedStoreTest, AListThatIsALinkIsRefused) {
  Add(Patch("a", "abc"), "abc");
  std::filesystem::rename(store_ + "/list.json", dir_ + "/list.json");
  std::filesystem::create_symlink(dir_ + "/list.json", store_ + "/list.json");
  EXPECT_EQ(KindOf(ReadAccepted(context.boot).status()), ErrorKind::kRefused);
}

TEST_F(AcceptedStoreTest, KeepsTheEngineThatThePatchWasTriedOn) {
  kernel.files[kFile] = ReadTestFile(TEST_MODULE_KERNEL);
  kernel.files["/sys/module/test_fix/notes/.note.gnu.build-id"] =
      ParsePatchFile(kernel.files[kFile])->build_id;
  PatchState patch;
  patch.name = kName;
  for (const Engine engine : {Engine::kKlpx, Engine::kKernel}) {
    patch.engine = engine;
    patch.adopted = engine == Engine::kKlpx;
    kernel.AddPatch(kName, engine);
    const auto accepted = AcceptLoaded(context.boot, patch, kFile);
    ASSERT_TRUE(accepted.ok()) << accepted.status();
    Refresh();
    const AcceptedList list = ReadAccepted(context.boot).value();
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].engine, RowOf(engine).word);
  }
}

TEST_F(AcceptedStoreTest, RemembersFromWhichFileAPatchCame) {
  EXPECT_EQ(LoadedFrom(context.boot, "a"), "");
  const std::string digest = Sha256("abc");
  NoteLoadedFrom(context.boot, "a", "/no/such dir/a.ko", digest);
  EXPECT_EQ(LoadedFrom(context.boot, "a"), "/no/such dir/a.ko");
  EXPECT_EQ(LoadedDigest(context.boot, "a"), digest);
}

TEST_F(AcceptedStoreTest, WithoutARunDirectoryNothingIsRemembered) {
  context.boot.run_dir = "";
  NoteLoadedFrom(context.boot, "a", "/a.ko", Sha256("abc"));
  EXPECT_EQ(LoadedFrom(context.boot, "a"), "");
  EXPECT_EQ(err.str(), "");
}

TEST_F(AcceptedStoreTest, APatchThatPassedButCameFromNowhereIsAWarning) {
  kernel.AddPatch(kName);
  AcceptPassed(context.boot, kName);
  EXPECT_THAT(err.str(), HasSubstr(kName));
  EXPECT_FALSE(IsAccepted(context.boot, kName));
}

}  // namespace
}  // namespace klpx
