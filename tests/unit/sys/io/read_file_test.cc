// SPDX-License-Identifier: GPL-2.0
// Files of which nothing is known: read to the end, up to a bound.
#include "controller/sys/io/read_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "controller/core/base/error.h"
#include "controller/sys/io/errno_status.h"
#include "tests/unit/data/temp_directory.h"

namespace klpx {
namespace {

class ReadFileTest : public testing::Test {
 protected:
  ReadFileTest() { path_ = dir_ + "/file"; }
  void Write(const std::string& content) {
    std::ofstream(path_, std::ios::binary) << content;
  }

  int ErrnoOfReading(const std::string& path, size_t most = 100) {
    return ErrnoOf(ReadRegular(path, most).status());
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  std::string path_;
};

TEST_F(ReadFileTest, AnEmptyFileIsEmptyText) {
  Write("");
  EXPECT_EQ(ReadRegular(path_, 0).value(), "");
}

TEST_F(ReadFileTest, ReadsEveryByteAcrossItsBuffers) {
  for (const size_t size : {1, 4095, 4096, 4097, 69632, 69633, 200000}) {
    std::string content(size, 'x');
    content.front() = '\0';
    content.back() = '\xff';
    Write(content);
    EXPECT_EQ(ReadRegular(path_, size).value(), content) << size;
  }
}

TEST_F(ReadFileTest, RefusesOneByteMoreThanTheBound) {
  Write(std::string(101, 'x'));
  EXPECT_EQ(ErrnoOfReading(path_), EFBIG);
}

// What a file of proc says of its size is nothing.
TEST_F(ReadFileTest, TheBoundHoldsForAFileThatSaysItIsEmpty) {
  EXPECT_EQ(ErrnoOfReading("/proc/self/status", 10), EFBIG);
  EXPECT_GT(ReadRegular("/proc/self/status", 1 << 20).value().size(), 10u);
}

TEST_F(ReadFileTest, SaysThatThereIsNone) {
  EXPECT_EQ(ErrnoOfReading(dir_ + "/absent"), ENOENT);
  EXPECT_EQ(ErrnoOfReading(""), ENOENT);
}

TEST_F(ReadFileTest, ADirectoryIsNone) {
  EXPECT_EQ(ErrnoOfReading(dir_), EISDIR);
}

TEST_F(ReadFileTest, DoesNotWaitForAFifo) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(KindOf(ReadRegular(path_, 100).status()), ErrorKind::kNotAModule);
}

TEST_F(ReadFileTest, DoesNotReadADevice) {
  EXPECT_EQ(KindOf(ReadRegular("/dev/zero", 100).status()),
            ErrorKind::kNotAModule);
}

TEST_F(ReadFileTest, FollowsALinkUnlessToldNotTo) {
  Write("x");
  const std::string link = dir_ + "/link";
  ASSERT_EQ(symlink(path_.c_str(), link.c_str()), 0);
  EXPECT_EQ(ReadRegular(link, 100).value(), "x");
  EXPECT_EQ(ErrnoOf(OpenRegular(link, O_NOFOLLOW).status()), ELOOP);
}

TEST_F(ReadFileTest, KnowsHowLargeAFileSaysItIs) {
  Write("12345");
  EXPECT_EQ(OpenRegular(path_)->bytes, 5u);
}

TEST_F(ReadFileTest, ReadsFromWhereTheDescriptorStands) {
  Write("12345");
  const RegularFile file = OpenRegular(path_).value();
  ASSERT_EQ(lseek(file.fd.get(), 3, SEEK_SET), 3);
  EXPECT_EQ(ReadToEnd(file, path_, 100).value(), "45");
}

TEST_F(ReadFileTest, ShowsTheBeginningOnceAndGoesOn) {
  const std::string content(200000, 'x');
  Write(content);
  int shown = 0;
  const auto read = ReadToEnd(OpenRegular(path_).value(), path_, 1 << 20,
                              [&](absl::string_view) { return ++shown > 0; });
  EXPECT_EQ(read.value(), content);
  EXPECT_EQ(shown, 1);
}

TEST_F(ReadFileTest, EndsWhereTheBeginningIsNotWanted) {
  Write("ELF" + std::string(200000, 'x'));
  const auto read = ReadToEnd(
      OpenRegular(path_).value(), path_, 1 << 20,
      [](absl::string_view begin) { return begin.substr(0, 3) != "ELF"; });
  EXPECT_EQ(read->substr(0, 3), "ELF");
  EXPECT_LE(read->size(), 4096u);
}

}  // namespace
}  // namespace klpx
