// SPDX-License-Identifier: GPL-2.0
// A file that is replaced whole, or not at all.
#include "controller/sys/io/replace_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "controller/sys/io/errno_status.h"
#include "tests/unit/data/temp_directory.h"

namespace klpx {
namespace {

class ReplaceFileTest : public testing::Test {
 protected:
  ReplaceFileTest() { file_ = dir_ + "/snapshot"; }
  std::string Content() {
    std::ifstream stream(file_);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  mode_t Mode() {
    struct stat info = {};
    EXPECT_EQ(stat(file_.c_str(), &info), 0);
    return info.st_mode & 07777;
  }

  // Names in the directory.
  ptrdiff_t Count() {
    return std::distance(std::filesystem::directory_iterator(dir_), {});
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  std::string file_;
};

TEST_F(ReplaceFileTest, IsReplacedWhole) {
  ASSERT_TRUE(ReplaceFile(file_, "the old content", {}).ok());
  ASSERT_TRUE(ReplaceFile(file_, "new", {}).ok());
  EXPECT_EQ(Content(), "new");
  EXPECT_EQ(Count(), 1);
}

TEST_F(ReplaceFileTest, AReaderOfTheOldOneKeepsIt) {
  ASSERT_TRUE(ReplaceFile(file_, "old", {}).ok());
  std::ifstream reader(file_);
  ASSERT_TRUE(ReplaceFile(file_, "new", {}).ok());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), "old");
}

TEST_F(ReplaceFileTest, TakesEmptyContentAndZeroBytes) {
  ASSERT_TRUE(ReplaceFile(file_, "", {}).ok());
  EXPECT_EQ(Content(), "");
  const std::string bytes("a\0b\n", 4);
  ASSERT_TRUE(ReplaceFile(file_, bytes, {.durable = true}).ok());
  EXPECT_EQ(Content(), bytes);
}

TEST_F(ReplaceFileTest, HasTheModeAskedForWhateverTheUmask) {
  const mode_t before = umask(0777);
  const absl::Status done = ReplaceFile(file_, "x", {.mode = 0644});
  umask(before);
  EXPECT_TRUE(done.ok()) << done;
  EXPECT_EQ(Mode(), 0644u);
}

TEST_F(ReplaceFileTest, AGroupThatIsNotThereMayNotReadIt) {
  ASSERT_TRUE(ReplaceFile(file_, "x", {.group = "no-such-group"}).ok());
  EXPECT_EQ(Mode(), 0600u);
}

TEST_F(ReplaceFileTest, AGroupThatIsThereMayReadIt) {
  if (geteuid() != 0) GTEST_SKIP() << "gives files to a group as root only";
  ASSERT_TRUE(ReplaceFile(file_, "x", {.group = "daemon"}).ok());
  EXPECT_EQ(Mode(), 0640u);
}

TEST_F(ReplaceFileTest, ReplacesASymbolicLinkNotWhatItLeadsTo) {
  const std::string target = dir_ + "/target";
  std::ofstream(target) << "kept";
  ASSERT_EQ(symlink(target.c_str(), file_.c_str()), 0);
  ASSERT_TRUE(ReplaceFile(file_, "new", {}).ok());
  EXPECT_FALSE(std::filesystem::is_symlink(file_));
  std::ifstream stream(target);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "kept");
}

TEST_F(ReplaceFileTest, FailsWhereThereIsNoDirectory) {
  const absl::Status status = ReplaceFile(dir_ + "/no/such/file", "x", {});
  EXPECT_EQ(ErrnoOf(status), ENOENT);
}

TEST_F(ReplaceFileTest, LeavesNothingBesideWhatItCannotReplace) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(ErrnoOf(ReplaceFile(file_, "x", {})), EISDIR);
  EXPECT_EQ(Count(), 1);
}

// As on a full file system.
TEST_F(ReplaceFileTest, TheOldOneStaysWhereThereIsNoRoomForTheNew) {
  ASSERT_TRUE(ReplaceFile(file_, "old", {}).ok());
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit few = {2, 2};
    if (setrlimit(RLIMIT_FSIZE, &few) != 0) _exit(2);
    _exit(ErrnoOf(ReplaceFile(file_, "new", {})) == EFBIG ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(Content(), "old");
  EXPECT_EQ(Count(), 1);
}

TEST_F(ReplaceFileTest, WhatAKilledWriterLeftIsTakenAway) {
  const std::string stray = dir_ + "/.snapshot.aB3xyZ";
  const std::string other = dir_ + "/.snapshots.aB3xyZ";
  for (const std::string& name : {file_, stray, other}) {
    std::ofstream(name) << "x";
  }
  RemoveStrays(file_);
  EXPECT_TRUE(std::filesystem::exists(file_));
  EXPECT_FALSE(std::filesystem::exists(stray));
  EXPECT_TRUE(std::filesystem::exists(other));
}

TEST_F(ReplaceFileTest, WhereNothingWasLeftNothingGoes) {
  RemoveStrays(file_);
  RemoveStrays(dir_ + "/no/such/file");
  EXPECT_EQ(Count(), 0);
}

}  // namespace
}  // namespace klpx
