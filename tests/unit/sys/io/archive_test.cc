// SPDX-License-Identifier: GPL-2.0
// What is put into an archive comes out of it, read by libarchive itself.
#include "controller/sys/io/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "controller/sys/io/errno_status.h"
#include "tests/unit/data/temp_directory.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr absl::Time kTime = absl::FromUnixSeconds(1700000000);

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() { path_ = dir_ + "/report.tar.gz"; }
  // Name -> content; of the last one the mode and the time are kept.
  std::map<std::string, std::string> Read() {
    std::map<std::string, std::string> found;
    const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(),
                                                             archive_read_free);
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_format_tar(reader.get());
    EXPECT_EQ(archive_read_open_filename(reader.get(), path_.c_str(), 4096),
              ARCHIVE_OK);
    archive_entry* entry = nullptr;
    while (archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
      std::string content(static_cast<size_t>(archive_entry_size(entry)), '\0');
      EXPECT_EQ(archive_read_data(reader.get(), content.data(), content.size()),
                static_cast<la_ssize_t>(content.size()));
      found[archive_entry_pathname(entry)] = content;
      mode_ = archive_entry_perm(entry);
      time_ = absl::FromTimeT(archive_entry_mtime(entry));
    }
    return found;
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  std::string path_;
  mode_t mode_ = 0;
  absl::Time time_;
};

TEST_F(ArchiveTest, FilesComeOutAsTheyWentIn) {
  ASSERT_TRUE(
      WriteArchive(path_, {{"r/a.txt", "one\n"}, {"r/b.json", "{}"}}, kTime)
          .ok());
  EXPECT_THAT(Read(),
              ElementsAre(Pair("r/a.txt", "one\n"), Pair("r/b.json", "{}")));
  EXPECT_EQ(mode_, 0600u);
  EXPECT_EQ(time_, kTime);
}

TEST_F(ArchiveTest, TakesAFileWithoutContent) {
  ASSERT_TRUE(WriteArchive(path_, {{"r/empty", ""}}, kTime).ok());
  EXPECT_THAT(Read(), ElementsAre(Pair("r/empty", "")));
}

TEST_F(ArchiveTest, TakesZeroBytesAndLongNames) {
  const std::string name = "r/" + std::string(300, 'n');
  const std::string content("a\0\xff\n", 4);
  ASSERT_TRUE(WriteArchive(path_, {{name, content}}, kTime).ok());
  EXPECT_THAT(Read(), ElementsAre(Pair(name, content)));
}

TEST_F(ArchiveTest, WithoutFilesIsAnEmptyArchive) {
  ASSERT_TRUE(WriteArchive(path_, {}, kTime).ok());
  EXPECT_THAT(Read(), IsEmpty());
}

TEST_F(ArchiveTest, OnlyItsOwnerCanReadIt) {
  ASSERT_TRUE(WriteArchive(path_, {{"r/a", "x"}}, kTime).ok());
  struct stat info = {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(ArchiveTest, LeavesTheFileThatIsThere) {
  std::ofstream(path_) << "mine";
  EXPECT_EQ(ErrnoOf(WriteArchive(path_, {{"r/a", "x"}}, kTime)), EEXIST);
  std::ifstream stream(path_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "mine");
}

// Where other users can write, it may lead anywhere.
TEST_F(ArchiveTest, DoesNotFollowASymbolicLink) {
  std::filesystem::create_symlink(dir_ + "/elsewhere", path_);
  EXPECT_EQ(ErrnoOf(WriteArchive(path_, {{"r/a", "x"}}, kTime)), EEXIST);
  EXPECT_FALSE(std::filesystem::exists(dir_ + "/elsewhere"));
}

TEST_F(ArchiveTest, FailsWhereThereIsNoDirectory) {
  EXPECT_EQ(ErrnoOf(WriteArchive(dir_ + "/no/r.tar.gz", {}, kTime)), ENOENT);
}

// As on a full file system.
TEST_F(ArchiveTest, LeavesNoHalfArchiveBehind) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit few = {10, 10};
    if (setrlimit(RLIMIT_FSIZE, &few) != 0) _exit(2);
    _exit(WriteArchive(path_, {{"r/a", "x"}}, kTime).ok() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace klpx
