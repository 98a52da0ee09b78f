// SPDX-License-Identifier: GPL-2.0
#include "controller/sys/io/durable_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "tests/unit/data/temp_directory.h"

namespace klpx {
namespace {

class DurableFileTest : public testing::Test {
 protected:
  DurableFileTest() {}
  void ExpectRefused(const std::string& path, const std::string& why) {
    const absl::Status status = ReadTrusted(path, 100).status();
    EXPECT_TRUE(absl::StrContains(status.message(), why)) << status;
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
};

TEST_F(DurableFileTest, WritesAndReads) {
  const std::string path = dir_ + "/a/b/file";
  ASSERT_TRUE(MakeDirectory(dir_ + "/a/b").ok());
  ASSERT_TRUE(WriteDurably(path, "one").ok());
  ASSERT_TRUE(WriteDurably(path, "two").ok());
  EXPECT_EQ(ReadTrusted(path, 100).value(), "two");
  // No temporary file is left beside it.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_ + "/a/b"),
                          std::filesystem::directory_iterator()),
            1);
  EXPECT_TRUE(RemoveDurably(path).ok());
  EXPECT_TRUE(RemoveDurably(path).ok());
  EXPECT_TRUE(absl::IsNotFound(ReadTrusted(path, 100).status()));
}

TEST_F(DurableFileTest, RefusesASymbolicLink) {
  ASSERT_TRUE(WriteDurably(dir_ + "/file", "x").ok());
  ASSERT_EQ(symlink((dir_ + "/file").c_str(), (dir_ + "/link").c_str()), 0);
  ExpectRefused(dir_ + "/link", "symbolic link");
}

TEST_F(DurableFileTest, RefusesWhatOthersCanWrite) {
  ASSERT_TRUE(WriteDurably(dir_ + "/file", "x").ok());
  chmod((dir_ + "/file").c_str(), 0666);
  ExpectRefused(dir_ + "/file", "is writable by users");
}

TEST_F(DurableFileTest, RefusesWhatIsNotARegularFile) {
  ASSERT_EQ(mkfifo((dir_ + "/fifo").c_str(), 0600), 0);
  ExpectRefused(dir_ + "/fifo", "not a regular file");
  ExpectRefused(dir_, "not a regular file");
}

TEST_F(DurableFileTest, RefusesWhatIsTooLarge) {
  ASSERT_TRUE(WriteDurably(dir_ + "/file", std::string(101, 'x')).ok());
  ExpectRefused(dir_ + "/file", "too large");
}

TEST_F(DurableFileTest, TrustsOnlyADirectoryThatOthersCannotWrite) {
  ASSERT_TRUE(MakeDirectory(dir_ + "/good").ok());
  EXPECT_TRUE(CheckTrusted(dir_ + "/good").ok());
  chmod((dir_ + "/good").c_str(), 0777);
  EXPECT_FALSE(CheckTrusted(dir_ + "/good").ok());
  ASSERT_EQ(symlink("/tmp", (dir_ + "/link").c_str()), 0);
  EXPECT_FALSE(CheckTrusted(dir_ + "/link").ok());
  EXPECT_FALSE(CheckTrusted(dir_ + "/absent").ok());
  EXPECT_FALSE(MakeDirectory(dir_ + "/link").ok());
}

// Below /tmp, whose sticky bit protects root's files from other users.
TEST_F(DurableFileTest, TrustsAFileBelowAStickyDirectory) {
  const std::string directory = dir_ + "/open";
  const std::string file = directory + "/file";
  ASSERT_TRUE(MakeDirectory(directory).ok());
  ASSERT_TRUE(WriteDurably(file, "x").ok());
  EXPECT_TRUE(CheckTrustedFile(file).ok());
  chmod(directory.c_str(), 0777);
  EXPECT_FALSE(CheckTrustedFile(file).ok());
  chmod(directory.c_str(), 01777);
  EXPECT_TRUE(CheckTrustedFile(file).ok());
  chmod(file.c_str(), 0666);
  EXPECT_FALSE(CheckTrustedFile(file).ok());
}

}  // namespace
}  // namespace klpx
