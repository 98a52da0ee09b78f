// SPDX-License-Identifier: GPL-2.0
// A lock that one process holds at a time.
#include "controller/sys/io/file_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/data/temp_directory.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class FileLockTest : public testing::Test {
 protected:
  FileLockTest() { path_ = dir_ + "/run/owner.lock"; }

  bool CanHaveIt() {
    const auto lock = FileLock::Try(path_, "test");
    EXPECT_TRUE(lock.ok()) << lock.status();
    return lock.ok() && lock->has_value();
  }

  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
  std::string path_;
};

TEST_F(FileLockTest, OneHolderAtATime) {
  {
    const auto lock = FileLock::Try(path_, "wait");
    ASSERT_TRUE(lock.ok() && lock->has_value());
    EXPECT_FALSE(CanHaveIt());
    EXPECT_THAT(LockHolder(path_), HasSubstr("(wait)"));
  }
  EXPECT_TRUE(CanHaveIt());
}

TEST_F(FileLockTest, AKilledProcessReleasesIt) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = FileLock::Try(path_, "child");
    const char had = lock.ok() && lock->has_value() ? 'y' : 'n';
    if (write(ready[1], &had, 1) == 1) pause();
    _exit(0);
  }
  char had = 0;
  ASSERT_EQ(read(ready[0], &had, 1), 1);
  EXPECT_EQ(had, 'y');
  EXPECT_FALSE(CanHaveIt());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(CanHaveIt());
}

TEST_F(FileLockTest, IsWaitedForUntilTheLimit) {
  {
    const auto first = FileLock::Try(path_, "wait");
    ASSERT_TRUE(first.ok() && first->has_value());
    const auto late = FileLock::Wait(path_, "top", absl::Milliseconds(30));
    EXPECT_TRUE(absl::IsDeadlineExceeded(late.status())) << late.status();
    EXPECT_THAT(std::string(late.status().message()),
                testing::HasSubstr("(wait) has held this lock"));
  }
  EXPECT_TRUE(FileLock::Wait(path_, "top", absl::ZeroDuration()).ok());
}

TEST_F(FileLockTest, AFileThatCannotBeCreatedIsAnError) {
  EXPECT_FALSE(FileLock::Try(dir_ + "/no/such/lock", "x").ok());
}

// As on a full /run: the lock counts, the note that names the process does not.
TEST_F(FileLockTest, IsHadWithoutRoomForTheNote) {
  ASSERT_TRUE(CanHaveIt());
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_FSIZE, &none) != 0) _exit(2);
    const auto lock = FileLock::Try(path_, "child");
    _exit(lock.ok() && lock->has_value() &&
                  LockHolder(path_) == "another process"
              ? 0
              : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace klpx
